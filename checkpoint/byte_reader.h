#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace checkpoint {

/// A cursor over untrusted little-endian bytes. Whatever asks for more than is left throws
/// CheckpointError naming `where` and the place.
class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, std::string where)
      : bytes_(bytes), where_(std::move(where)) {}

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }
  const std::string& where() const { return where_; }

  /// The next `count` bytes, in place.
  std::span<const std::byte> take(uint64_t count) {
    if (count > remaining()) fail_truncated(count);
    const auto taken = bytes_.subspan(position_, static_cast<size_t>(count));
    position_ += taken.size();
    return taken;
  }

  std::string_view text(uint64_t count) {
    const auto taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }

  template <std::unsigned_integral T>
  T number() {
    T value = 0;
    size_t shift = 0;
    for (const std::byte byte : take(sizeof(T))) {
      value = static_cast<T>(value | static_cast<T>(static_cast<T>(byte) << shift));
      shift += 8;
    }
    return value;
  }

  /// Everything up to the next line feed, which is taken too.
  std::string_view line();
  /// A base-128 varint, as protocol buffers and LevelDB write them.
  uint64_t varint();

  [[noreturn]] void fail(const std::string& what) const;

 private:
  [[noreturn]] void fail_truncated(uint64_t count) const;

  std::span<const std::byte> bytes_;
  size_t position_ = 0;
  std::string where_;
};

}  // namespace checkpoint
