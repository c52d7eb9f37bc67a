#include "kernels/adamw/split_master.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace kernels {
namespace {

/// Calls check(bits) for every upper half of a float (signs, exponents, infinities, NaNs) with
/// lower halves over their whole range and at every place where rounding changes.
template <class Check>
void for_every_kind_of_float(const Check& check) {
  std::vector<uint32_t> lows = {1, 2, 0x7ffe, 0x7fff, 0x8000, 0x8001, 0x8002, 0xfffe, 0xffff};
  for (uint32_t low = 0; low < 0x10000; low += 251) lows.push_back(low);
  for (uint32_t high = 0; high < 0x10000; ++high) {
    for (const uint32_t low : lows) check(high << 16 | low);
  }
}

TEST(SplitMaster, gives_every_number_back) {
  int64_t wrong = 0;
  for_every_kind_of_float([&](uint32_t bits) {
    const auto master = std::bit_cast<float>(bits);
    if (std::isnan(master)) return;
    const auto [high, low] = split_master(master);
    wrong += std::bit_cast<uint32_t>(join_master(high, low)) != bits;
  });
  EXPECT_EQ(wrong, 0);
}

TEST(SplitMaster, gives_every_lower_half_back) {
  int64_t wrong = 0;
  for (const uint32_t high :
       {0x0000U, 0x8000U, 0x0001U, 0x007fU, 0x3f80U, 0x3fffU, 0xbf81U, 0x7f7fU, 0xff7fU}) {
    for (uint32_t low = 0; low < 0x10000; ++low) {
      const uint32_t bits = high << 16 | low;
      const auto split = split_master(std::bit_cast<float>(bits));
      wrong += std::bit_cast<uint32_t>(join_master(split.high, split.low)) != bits;
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(SplitMaster,
     the_upper_part_is_the_nearest_bfloat16_and_differs_from_to_bfloat16_in_ties_alone) {
  int64_t wrong = 0;
  for_every_kind_of_float([&](uint32_t bits) {
    const auto master = std::bit_cast<float>(bits);
    if (std::isnan(master)) return;
    const uint16_t even = to_bfloat16(master).bits;
    const bool tie_that_rounds_down = (bits & 0x1ffffU) == 0x8000U;
    const auto expected = static_cast<uint16_t>(tie_that_rounds_down ? even + 1 : even);
    wrong += split_master(master).high.bits != expected;
  });
  EXPECT_EQ(wrong, 0);
}

TEST(SplitMaster, nan_stays_a_quiet_nan) {
  int64_t wrong = 0;
  for_every_kind_of_float([&](uint32_t bits) {
    const auto master = std::bit_cast<float>(bits);
    if (!std::isnan(master)) return;
    const auto [high, low] = split_master(master);
    wrong += high.bits != ((bits >> 16) | 0x40U) || !std::isnan(join_master(high, low));
  });
  EXPECT_EQ(wrong, 0);
}

TEST(SplitMaster, at_the_edges) {
  EXPECT_EQ(split_master(1.0F).high.bits, 0x3f80);
  EXPECT_EQ(split_master(1.0F).low, 0);
  EXPECT_EQ(split_master(-(1.0F + 0x1p-23F)).low, 1);
  EXPECT_EQ(split_master(1.0F + 0x1p-8F).high.bits, 0x3f81);  // a tie
  EXPECT_EQ(split_master(1.0F + 0x1p-8F).low, -32768);
  EXPECT_EQ(split_master(std::bit_cast<float>(0x7f7fffffU)).high.bits, 0x7f80);  // largest float
  EXPECT_EQ(split_master(std::bit_cast<float>(0x7f7fffffU)).low, -1);
  EXPECT_EQ(split_master(-INFINITY).high.bits, 0xff80);
  EXPECT_EQ(split_master(std::bit_cast<float>(0x00000001U)).high.bits, 0);  // smallest denormal
}

}  // namespace
}  // namespace kernels
