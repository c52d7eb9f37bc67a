#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "kernels/core/bfloat16.h"

namespace kernels {

/// An fp32 value as the bfloat16 nearest to it and 16 bits that give the rest, so that a bfloat16
/// weight needs 2 bytes more for its master instead of 4. As integers,
///
///     bits(master) = (high.bits << 16) + low,    low in [-32768, 32767],
///
/// which gives back every value, infinities and denormals included. (high.bits is the master's
/// upper half, plus 1 where the lower half, read as a signed number, is negative; a carry out of
/// the mantissa goes to the exponent, as it should.) A NaN keeps its upper half alone, made quiet.
///
/// `high` is the master rounded to nearest. Ties go away from zero, where to_bfloat16 has them go
/// to even: 65537 masters would round to each even bfloat16, and 16 bits cannot tell them apart.
struct SplitMaster {
  bfloat16 high;
  int16_t low;
};

inline SplitMaster split_master(float master) {
  const uint32_t bits = std::bit_cast<uint32_t>(master);
  if (std::isnan(master)) return {{static_cast<uint16_t>((bits >> 16) | 0x0040U)}, 0};
  return {{static_cast<uint16_t>((bits + 0x8000U) >> 16)}, static_cast<int16_t>(bits)};
}

inline float join_master(bfloat16 high, int16_t low) {
  return std::bit_cast<float>((static_cast<uint32_t>(high.bits) << 16) +
                              static_cast<uint32_t>(int32_t{low}));
}

}  // namespace kernels
