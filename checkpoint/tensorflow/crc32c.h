#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace checkpoint::tensorflow {

/// CRC-32C (Castagnoli polynomial, reflected), continued from `crc` of what came before.
uint32_t crc32c(std::span<const std::byte> bytes, uint32_t crc = 0);

/// How TensorFlow and LevelDB store a CRC: rotated and shifted, so that a CRC of data that holds
/// CRCs is no worse.
constexpr uint32_t masked_crc(uint32_t crc) {
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

}  // namespace checkpoint::tensorflow
