#include "harness/analysis/noise.h"

#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

std::vector<RoundTime> rounds_of(const std::vector<double>& seconds) {
  std::vector<RoundTime> rounds;
  for (const double value : seconds) {
    rounds.push_back({static_cast<int64_t>(rounds.size()), value});
  }
  return rounds;
}

// Median 10; deviations 0, 0, 1, 1, 2, 6: their median is 1.
TEST(Noise, spread_is_the_median_deviation_from_the_median) {
  EXPECT_DOUBLE_EQ(*relative_spread(rounds_of({10, 11, 9, 12, 4, 10})), 0.1);
}

TEST(Noise, a_single_round_cannot_disagree_and_two_can) {
  EXPECT_FALSE(relative_spread({}));
  EXPECT_FALSE(relative_spread(rounds_of({3})));
  EXPECT_DOUBLE_EQ(*relative_spread(rounds_of({2, 4})), 1.0 / 3);
}

// A sixth of the rounds met another job: the median did not notice.
TEST(Noise, one_slow_round_of_six_is_no_noise) {
  EXPECT_FALSE(noise_reason(rounds_of({1, 1.02, 5, 0.99, 1, 1.01})));
}

TEST(Noise, ties_do_not_spread) {
  EXPECT_EQ(*relative_spread(rounds_of({2, 2, 2, 2, 2, 9})), 0);
}

TEST(Noise, half_of_the_rounds_in_another_state_is_noise) {
  EXPECT_EQ(
      noise_reason(rounds_of({1, 1, 1, 3, 3, 3})),
      "half of the rounds are 50.0 % or more off their median, bound 15 %: measure again on a "
      "quieter machine");
}

// 0.75 and 1.25 around 1 are exact; a spread of 0.25 is over the bound and one of 0.125 is not.
TEST(Noise, the_bound_divides) {
  EXPECT_TRUE(noise_reason(rounds_of({0.75, 1.25})));
  EXPECT_FALSE(noise_reason(rounds_of({0.875, 1.125})));
}

TEST(Noise, the_unit_of_time_does_not_matter) {
  EXPECT_DOUBLE_EQ(*relative_spread(rounds_of({1e-9, 2e-9})), *relative_spread(rounds_of({1, 2})));
}

}  // namespace
}  // namespace harness
