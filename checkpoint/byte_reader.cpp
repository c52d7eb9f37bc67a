#include "checkpoint/byte_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "checkpoint/checkpoint_error.h"

namespace checkpoint {

std::string_view ByteReader::line() {
  const auto rest = bytes_.subspan(position_);
  const auto end = std::find(rest.begin(), rest.end(), std::byte{'\n'});
  if (end == rest.end()) fail("truncated within a line of text");
  const std::string_view found = text(static_cast<uint64_t>(end - rest.begin()));
  ++position_;
  return found;
}

uint64_t ByteReader::varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = number<uint8_t>();
    if (shift == 63 && byte > 1) break;
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  fail("a number of more than 64 bits");
}

void ByteReader::fail(const std::string& what) const {
  throw CheckpointError(fmt::format("{}: {} (at byte {})", where_, what, position_));
}

void ByteReader::fail_truncated(uint64_t count) const {
  fail(fmt::format("truncated: {} bytes wanted, {} left", count, remaining()));
}

}  // namespace checkpoint
