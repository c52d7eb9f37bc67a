#include "harness/analysis/statistics.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

namespace harness {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> one_to(int n) {
  std::vector<double> values(n);
  std::iota(values.rbegin(), values.rend(), 1.0);
  return values;
}

TEST(Statistics, median_is_the_middle_or_the_mean_of_two) {
  EXPECT_EQ(median(std::vector<double>{7}), 7);
  EXPECT_EQ(median(std::vector<double>{9, 1, 4}), 4);
  EXPECT_EQ(median(std::vector<double>{9, 1, 4, 6}), 5);
}

TEST(Statistics, median_does_not_overflow) {
  const double huge = std::numeric_limits<double>::max();
  EXPECT_EQ(median(std::vector<double>{huge, huge}), huge);
}

TEST(Statistics, median_rejects_nothing_and_non_finite_values) {
  EXPECT_THROW(median(std::vector<double>{}), std::invalid_argument);
  EXPECT_THROW(median(std::vector<double>{1, kNan}), std::invalid_argument);
  EXPECT_THROW(median(std::vector<double>{-kInfinity}), std::invalid_argument);
}

// Medians 4 and 2.5; distances {3, 0, 5} and {1.5, 0.5, 0.5, 97.5}.
TEST(Statistics, median_absolute_deviation_is_the_median_distance_from_the_median) {
  EXPECT_EQ(median_absolute_deviation(std::vector<double>{9, 1, 4}), 3);
  EXPECT_EQ(median_absolute_deviation(std::vector<double>{1, 2, 3, 100}), 1);
  EXPECT_EQ(median_absolute_deviation(std::vector<double>{7}), 0);
  EXPECT_THROW(median_absolute_deviation(std::vector<double>{}), std::invalid_argument);
  EXPECT_THROW(median_absolute_deviation(std::vector<double>{1, kNan}), std::invalid_argument);
}

// P(X <= k-1) for X ~ Binomial(n, 1/2) at most 2.5 %: n=5: 1/32 = 3.1 % none; n=6: 1/64 = 1.6 %,
// k=1; n=8: 9/256 = 3.5 %, k=1; n=9: 10/512 = 2.0 %, k=2; n=12: 79/4096 = 1.9 %, k=3; n=20:
// 21700/1048576 = 2.1 %, k=6.
TEST(Statistics, interval_is_the_tabulated_pair_of_order_statistics) {
  EXPECT_FALSE(median_interval(one_to(1)));
  EXPECT_FALSE(median_interval(one_to(5)));
  EXPECT_EQ(median_interval(one_to(6)), (Interval{1, 6}));
  EXPECT_EQ(median_interval(one_to(8)), (Interval{1, 8}));
  EXPECT_EQ(median_interval(one_to(9)), (Interval{2, 8}));
  EXPECT_EQ(median_interval(one_to(12)), (Interval{3, 10}));
  EXPECT_EQ(median_interval(one_to(20)), (Interval{6, 15}));
}

TEST(Statistics, interval_follows_its_confidence) {
  EXPECT_EQ(median_interval(one_to(6), 0.5), (Interval{2, 5}));  // 7/64 = 10.9 %, next 34.4 %
  EXPECT_FALSE(median_interval(one_to(6), 0.99));
  EXPECT_THROW(median_interval(one_to(6), 0), std::invalid_argument);
  EXPECT_THROW(median_interval(one_to(6), 1), std::invalid_argument);
  EXPECT_THROW(median_interval(one_to(6), kNan), std::invalid_argument);
}

TEST(Statistics, interval_rejects_what_the_median_rejects) {
  EXPECT_THROW(median_interval(std::vector<double>{}), std::invalid_argument);
  EXPECT_THROW(median_interval(std::vector<double>{1, kInfinity}), std::invalid_argument);
}

TEST(Statistics, log_ratios_pair_by_position) {
  const std::vector<double> logs = log_ratios(std::vector<double>{2, 3}, std::vector<double>{1, 6});
  ASSERT_EQ(logs.size(), 2U);
  EXPECT_DOUBLE_EQ(logs[0], std::log(2.0));
  EXPECT_DOUBLE_EQ(logs[1], -std::log(2.0));
}

TEST(Statistics, log_ratios_reject_unequal_empty_and_impossible_values) {
  const std::vector<double> one = {1};
  EXPECT_THROW(log_ratios(one, std::vector<double>{1, 2}), std::invalid_argument);
  EXPECT_THROW(log_ratios({}, {}), std::invalid_argument);
  for (const double bad : {0.0, -1.0, kNan, kInfinity}) {
    EXPECT_THROW(log_ratios(one, std::vector<double>{bad}), std::invalid_argument);
    EXPECT_THROW(log_ratios(std::vector<double>{bad}, one), std::invalid_argument);
  }
}

}  // namespace
}  // namespace harness
