#pragma once

#include <filesystem>
#include <string_view>

namespace harness {

/// As files::write_file_atomically, but throws HarnessError.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace harness
