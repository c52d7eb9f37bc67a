#pragma once

#include <bit>
#include <cstdint>

#include "kernels/core/bfloat16.h"

namespace kernels {

/// IEEE binary16. Storage only; arithmetic is in float.
struct float16 {
  uint16_t bits = 0;
};

inline float to_float(float16 value) {
  const uint32_t sign = uint32_t{value.bits} << 16 & 0x80000000U;
  const uint32_t magnitude = value.bits & 0x7fffU;
  // Below 2^-14 the mantissa counts multiples of 2^-24; above, exponents are 112 apart, those of
  // infinities and NaN twice that.
  if (magnitude < 0x0400U) {
    const float unsigned_value = static_cast<float>(magnitude) * 0x1p-24F;
    return std::bit_cast<float>(std::bit_cast<uint32_t>(unsigned_value) | sign);
  }
  const uint32_t offset = magnitude < 0x7c00U ? 112U << 23 : 224U << 23;
  return std::bit_cast<float>(((magnitude << 13) + offset) | sign);
}

/// Round to nearest, ties to even; beyond 65504 infinity; NaN stays a (quiet) NaN.
inline float16 to_float16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = bits >> 16 & 0x8000U;
  const uint32_t magnitude = bits & 0x7fffffffU;
  if (magnitude > 0x7f800000U) {
    return {static_cast<uint16_t>(sign | 0x7e00U | (magnitude >> 13 & 0x03ffU))};
  }
  if (magnitude >= 0x477ff000U) return {static_cast<uint16_t>(sign | 0x7c00U)};
  if (magnitude < 0x38800000U) {
    // Below 2^-14: adding 0.5 leaves multiples of 2^-24, rounded, in the lowest bits.
    const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
    return {static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(shifted) - 0x3f000000U))};
  }
  const uint32_t rounded = magnitude - (112U << 23) + 0x0fffU + (magnitude >> 13 & 1U);
  return {static_cast<uint16_t>(sign | rounded >> 13)};
}

template <>
inline float16 from_float<float16>(float value) {
  return to_float16(value);
}

}  // namespace kernels
