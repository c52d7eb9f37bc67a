#pragma once

#include <cstdint>
#include <string_view>

namespace harness {

/// Bytes of "16 GiB", "512 MiB", "1.5 GiB", "64 KiB" or "100 B", rounded down. Throws
/// std::invalid_argument with one line on any other text and anything above kMaxBytes.
int64_t parse_byte_size(std::string_view text);

}  // namespace harness
