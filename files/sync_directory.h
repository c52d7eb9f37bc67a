#pragma once

#include <filesystem>

namespace files {

/// Puts the names of the files of `path`'s directory on the disk, without which the content of a
/// new or renamed file is lost with the machine. Some file systems refuse to; then there is nothing
/// better to do.
void sync_directory_of(const std::filesystem::path& path);

}  // namespace files
