#include "harness/analysis/rate_interval.h"

#include <vector>

#include <gtest/gtest.h>

namespace harness {
namespace {

std::vector<RoundTime> rounds_of(const std::vector<double>& seconds) {
  std::vector<RoundTime> rounds;
  for (const double value : seconds) rounds.push_back({static_cast<int64_t>(rounds.size()), value});
  return rounds;
}

// Of six rounds the exact interval of the median is the range, of nine the second to the eighth
// value: Binomial(9, 1/2) is at most 1 with probability 10/512 = 0.0195, at most 2 with 0.0898.
TEST(RateInterval, is_that_of_the_median_time) {
  EXPECT_EQ(rate_interval(rounds_of({1, 2, 4, 5, 8, 0.5})), (Interval{0.125, 2}));
  EXPECT_EQ(rate_interval(rounds_of({16, 8, 3, 3, 3, 3, 3, 0.5, 0.25})), (Interval{0.125, 2}));
}

TEST(RateInterval, takes_six_rounds) {
  EXPECT_FALSE(rate_interval(rounds_of({1, 2, 4, 5, 8})));
  EXPECT_FALSE(rate_interval({}));
}

}  // namespace
}  // namespace harness
