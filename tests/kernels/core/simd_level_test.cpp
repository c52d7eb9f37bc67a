#include "kernels/core/simd_level.h"

#include <gtest/gtest.h>

namespace kernels {
namespace {

TEST(SimdLevel, forced_levels_are_the_ones_that_run) {
  const std::vector<SimdLevel> levels = supported_simd_levels();
  ASSERT_FALSE(levels.empty());
  for (const SimdLevel& level : levels) {
    force_simd_level(level);
    EXPECT_EQ(active_simd_level().name, level.name);
  }
  reset_simd_level();
  EXPECT_EQ(active_simd_level().name, levels.front().name);
}

TEST(SimdLevel, portable_code_is_always_there) {
  const std::string last = supported_simd_levels().back().name;
  EXPECT_TRUE(last == "SCALAR" || last == "EMU128") << last;
}

}  // namespace
}  // namespace kernels
