#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace checkpoint::pickle {

/// Pieces of pickles, byte by byte as Python's Lib/pickletools.py describes the opcodes, so that
/// tests can say what no well-meaning program writes.
inline std::string little_endian(uint64_t value, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i, value >>= 8) text += static_cast<char>(value);
  return text;
}
inline std::string protocol(int version = 2) {
  return std::string("\x80") + static_cast<char>(version);
}
inline std::string unicode(std::string_view text) {
  return "X" + little_endian(text.size(), 4) + std::string(text);
}
inline std::string integer(int64_t value) {
  return "\x8a\x08" + little_endian(static_cast<uint64_t>(value), 8);
}
inline std::string global(std::string_view module, std::string_view name) {
  return "c" + std::string(module) + "\n" + std::string(name) + "\n";
}
inline std::string tuple(const std::string& elements) {
  return "(" + elements + "t";
}
inline std::string dict(const std::string& items) {
  return "}(" + items + "u";
}

inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace checkpoint::pickle
