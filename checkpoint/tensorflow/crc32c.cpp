#include "checkpoint/tensorflow/crc32c.h"

#include <array>

namespace checkpoint::tensorflow {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;
constexpr size_t kTables = 8;
using Tables = std::array<std::array<uint32_t, 256>, kTables>;

/// tables[n][b]: the CRC of byte b followed by n zero bytes, so that 8 bytes go at a time.
constexpr Tables make_tables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (size_t n = 1; n < kTables; ++n) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t shorter = tables[n - 1][byte];
      tables[n][byte] = (shorter >> 8) ^ tables[0][shorter & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kCrc = make_tables();

uint32_t byte_at(std::span<const std::byte> bytes, size_t index) {
  return std::to_integer<uint32_t>(bytes[index]);
}

}  // namespace

uint32_t crc32c(std::span<const std::byte> bytes, uint32_t crc) {
  crc = ~crc;
  for (; bytes.size() >= kTables; bytes = bytes.subspan(kTables)) {
    uint32_t next = 0;
    for (size_t i = 0; i < kTables; ++i) {
      const uint32_t folded = i < 4 ? (crc >> (8 * i)) & 0xFF : 0;
      next ^= kCrc[kTables - 1 - i][byte_at(bytes, i) ^ folded];
    }
    crc = next;
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    crc = (crc >> 8) ^ kCrc[0][(crc ^ byte_at(bytes, i)) & 0xFF];
  }
  return ~crc;
}

}  // namespace checkpoint::tensorflow
