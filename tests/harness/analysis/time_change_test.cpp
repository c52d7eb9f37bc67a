#include "harness/analysis/time_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace harness {
namespace {

std::vector<RoundTime> rounds_of(const std::vector<double>& seconds) {
  std::vector<RoundTime> rounds;
  for (const double value : seconds) {
    rounds.push_back({static_cast<int64_t>(rounds.size()), value});
  }
  return rounds;
}

/// `count` rounds of one second before, and after of the seconds over and over.
TimeChange judge(std::size_t count, const std::vector<double>& after, double budget) {
  std::vector<double> seconds;
  for (std::size_t i = 0; i < count; ++i) seconds.push_back(after[i % after.size()]);
  return judge_time(rounds_of(std::vector<double>(count, 1)), rounds_of(seconds), budget).value();
}

// SciPy 1.17.1: with r = after / before, exp(median(log(r))) and
// scipy.stats.quantile_test(r, q=1, p=0.5).confidence_interval(0.95), the second and the ninth of
// the ten ratios.
TEST(TimeChange, has_the_ratio_and_the_interval_of_scipy) {
  const auto before = rounds_of({1.00, 1.02, 0.99, 1.01, 1.00, 1.03, 0.98, 1.00, 1.01, 0.99});
  const auto after = rounds_of({1.05, 1.08, 1.04, 1.07, 1.06, 1.08, 1.05, 1.04, 1.07, 1.06});
  const TimeChange change = judge_time(before, after, 0.03).value();
  EXPECT_EQ(change.pairs, 10);
  EXPECT_DOUBLE_EQ(change.ratio, 1.0591146949691483);
  ASSERT_TRUE(change.interval);
  EXPECT_DOUBLE_EQ(change.interval->low, 1.0485436893203883);
  EXPECT_DOUBLE_EQ(change.interval->high, 1.0707070707070707);
  EXPECT_EQ(change.verdict, Verdict::kFailed);
  EXPECT_EQ(reason_of(change), "a step takes +5.91 % (+4.85 % to +7.07 %), the budget is 3 %");
}

// The other way round: the ratio is 1 / 1.059.
TEST(TimeChange, what_fails_one_way_improves_the_other_way) {
  const auto slow = rounds_of(std::vector<double>(10, 1.059));
  const auto fast = rounds_of(std::vector<double>(10, 1));
  EXPECT_EQ(judge_time(fast, slow, 0.03)->verdict, Verdict::kFailed);
  const TimeChange faster = judge_time(slow, fast, 0.03).value();
  EXPECT_EQ(faster.verdict, Verdict::kImproved);
  EXPECT_EQ(reason_of(faster), "");
}

TEST(TimeChange, within_the_budget_it_passes_however_sure_the_slowdown_is) {
  EXPECT_EQ(judge(10, {1.02}, 0.03).verdict, Verdict::kPassed);
  EXPECT_EQ(judge(10, {1.04}, 0.03).verdict, Verdict::kFailed);
  EXPECT_EQ(judge(10, {1.04}, 0.05).verdict, Verdict::kPassed);
}

// Of ten ratios the second smallest is the lower end: with two of 1 the interval touches 1 and does
// not lie above it. Its half width is log(1.05) / 2 = 2.4 %, within a budget of 3 %.
TEST(TimeChange, an_interval_that_touches_1_does_not_fail) {
  EXPECT_EQ(judge(10, {1, 1.05, 1.05, 1.05, 1.05}, 0.03).verdict, Verdict::kPassed);
  EXPECT_EQ(judge(10, {1.001, 1.05, 1.05, 1.05, 1.05}, 0.03).verdict, Verdict::kFailed);
}

// Ratios 0.96 and 1.04 in turn: the interval is both, half of log(1.04 / 0.96) = 4.0 % wide.
TEST(TimeChange, an_interval_that_could_hide_the_budget_is_inconclusive) {
  const TimeChange wide = judge(10, {0.96, 1.04}, 0.03);
  EXPECT_EQ(wide.verdict, Verdict::kInconclusive);
  EXPECT_EQ(reason_of(wide),
            "the interval of the time, -4.00 % to +4.00 %, is wider than the budget of 3 % either "
            "way: measure with more rounds or on a quieter machine");
  EXPECT_EQ(judge(10, {0.96, 1.04}, 0.05).verdict, Verdict::kPassed);
}

// A change that is plain in spite of its noise is decided: half of log(1.5 / 1.2) = 11 % wide.
TEST(TimeChange, a_wide_interval_above_1_fails_all_the_same) {
  EXPECT_EQ(judge(10, {1.2, 1.5}, 0.03).verdict, Verdict::kFailed);
}

TEST(TimeChange, fewer_than_six_pairs_are_inconclusive) {
  const TimeChange five = judge(5, {2}, 0.03);
  EXPECT_EQ(five.verdict, Verdict::kInconclusive);
  EXPECT_EQ(reason_of(five), "5 paired rounds are too few for an interval; give at least 6");
  EXPECT_EQ(judge(kFewestPairs, {2}, 0.03).verdict, Verdict::kFailed);
}

TEST(TimeChange, rounds_without_a_partner_do_not_count) {
  const auto before = rounds_of({1, 1, 1, 1, 1, 1, 9, 9});
  EXPECT_EQ(judge_time(before, rounds_of({1, 1, 1, 1, 1, 1}), 0.03)->pairs, 6);
  EXPECT_FALSE(judge_time(before, std::vector<RoundTime>{{100, 1}}, 0.03));
}

}  // namespace
}  // namespace harness
