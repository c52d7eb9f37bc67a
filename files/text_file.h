#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace files {

/// More text than any file of questions or vocabulary has; a small .xz could unpack to more than
/// the memory.
constexpr uint64_t kMaxTextBytes = uint64_t{1} << 30;

/// The content of `file`; a file in xz format (recognized by its first bytes) is unpacked. Throws
/// FileError where it cannot be read, is a damaged .xz, or is longer than kMaxTextBytes.
std::string read_text_file(const std::filesystem::path& file);

}  // namespace files
