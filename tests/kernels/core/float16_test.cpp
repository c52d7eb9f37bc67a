#include "kernels/core/float16.h"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace kernels {
namespace {

uint16_t bits_of(float value) {
  return to_float16(value).bits;
}

/// The value that IEEE 754 gives the bits of a finite binary16.
double value_of(uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const int mantissa = bits & 1023;
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

TEST(Float16, is_what_ieee_754_says_and_comes_back) {
  for (uint32_t i = 0; i < 65536; ++i) {
    const float16 value = {static_cast<uint16_t>(i)};
    const float widened = to_float(value);
    if ((i & 0x7c00) == 0x7c00) {
      EXPECT_EQ(std::isnan(widened), (i & 0x03ff) != 0) << i;
      EXPECT_EQ(std::signbit(widened), i >= 32768) << i;
      EXPECT_TRUE(std::isnan(widened) || bits_of(widened) == i) << i;
      continue;
    }
    EXPECT_EQ(static_cast<double>(widened), value_of(value.bits)) << i;
    EXPECT_EQ(bits_of(widened), i);
  }
}

TEST(Float16, rounds_to_the_nearest_and_ties_to_even) {
  for (uint32_t i = 0; i < 0x7bff; ++i) {
    const auto low = static_cast<uint16_t>(i);
    const auto high = static_cast<uint16_t>(i + 1);
    const auto middle = static_cast<float>((value_of(low) + value_of(high)) / 2);
    EXPECT_EQ(bits_of(middle), i % 2 == 0 ? low : high) << i;
    EXPECT_EQ(bits_of(std::nextafter(middle, 0.0F)), low) << i;
    EXPECT_EQ(bits_of(std::nextafter(middle, 1e9F)), high) << i;
    EXPECT_EQ(bits_of(-middle), (i % 2 == 0 ? low : high) | 0x8000) << i;
  }
}

TEST(Float16, overflows_to_infinity_and_keeps_nan) {
  EXPECT_EQ(bits_of(65504), 0x7bff);
  EXPECT_EQ(bits_of(std::nextafter(65520.0F, 0.0F)), 0x7bff);
  EXPECT_EQ(bits_of(65520), 0x7c00);
  EXPECT_EQ(bits_of(-1e30F), 0xfc00);
  EXPECT_EQ(bits_of(std::numeric_limits<float>::infinity()), 0x7c00);
  EXPECT_EQ(bits_of(1e-10F), 0);
  EXPECT_EQ(bits_of(std::bit_cast<float>(0x7f800001U)) & 0x7e00, 0x7e00);
  EXPECT_EQ(bits_of(std::bit_cast<float>(0xffc00000U)), 0xfe00);
}

}  // namespace
}  // namespace kernels
