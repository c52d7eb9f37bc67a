#pragma once

#include <cstdint>
#include <filesystem>

namespace harness {

/// Lines of a text file, the last one with or without its end; 0 where it cannot be read.
int64_t count_lines(const std::filesystem::path& file);

}  // namespace harness
