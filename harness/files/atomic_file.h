#pragma once

#include <filesystem>
#include <string_view>

namespace harness {

/// Writes `text` to `path` so that a reader, or a crash at any moment, sees the old file or the
/// whole new one: a temporary file beside it, synced and renamed. Throws HarnessError.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// Writes all of `text` to an open file. Returns false, with errno set, where it could not.
bool write_all(int fd, std::string_view text);

}  // namespace harness
