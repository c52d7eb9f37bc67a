#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace files {

/// XXH3-128 of bytes, 32 hex digits: tells contents apart, and proves nothing against forgery.
std::string digest(std::string_view bytes);
/// The same of a file's content, read in pieces. Throws FileError where it cannot be read.
std::string file_digest(const std::filesystem::path& file);

}  // namespace files
