#pragma once

#include <cstdint>

/// The tile registers of AMX: eight, of 16 rows of 64 bytes (Intel 64 and IA-32 Architectures
/// Software Developer's Manual, volume 1, chapter 18).
namespace kernels::amx {

inline constexpr int64_t kTileRows = 16;
inline constexpr int64_t kRowBytes = 64;
inline constexpr int64_t kTileBytes = kTileRows * kRowBytes;

/// What ldtilecfg reads: all tiles at their full size.
struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

}  // namespace kernels::amx
