#include "harness/analysis/self_test.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace harness {
namespace {

CellVerdict cell(Verdict verdict, double ratio) {
  CellVerdict result;
  result.verdict = verdict;
  result.time.emplace();
  result.time->verdict = verdict;
  result.time->ratio = ratio;
  return result;
}

CellVerdict twice(Verdict verdict, double ratio, double first_ratio) {
  CellVerdict result = cell(verdict, ratio);
  result.first_time = cell(Verdict::kFailed, first_ratio).time;
  return result;
}

GateResult gate(const std::vector<CellVerdict>& cells) {
  GateResult result;
  result.cells = cells;
  return result;
}

// SciPy 1.17.1: scipy.stats.binomtest(k, n).proportion_ci(0.95, 'exact').
TEST(SelfTest, a_proportion_has_the_exact_interval_of_scipy) {
  const struct {
    int64_t count, of;
    double low, high;
  } cases[] = {{0, 30, 0.0, 0.11570330822202743},
               {3, 30, 0.021117137029722604, 0.2652884504742082},
               {15, 30, 0.3129702858679498, 0.6870297141320502},
               {30, 30, 0.8842966917779725, 1.0},
               {1, 600, 4.219545638728159e-05, 0.009250772278914932}};
  for (const auto& expected : cases) {
    const Proportion result = proportion(expected.count, expected.of);
    ASSERT_TRUE(result.interval);
    EXPECT_NEAR(result.interval->low, expected.low, 1e-12);
    EXPECT_NEAR(result.interval->high, expected.high, 1e-12);
  }
  EXPECT_DOUBLE_EQ(*proportion(3, 30).rate(), 0.1);
}

TEST(SelfTest, a_proportion_of_nothing_has_no_rate) {
  EXPECT_FALSE(proportion(0, 0).rate());
  EXPECT_FALSE(proportion(0, 0).interval);
  EXPECT_THROW(proportion(2, 1), std::invalid_argument);
  EXPECT_THROW(proportion(-1, 1), std::invalid_argument);
}

// Two gates of three cells: one alarm is cleared, one repeated.
TEST(SelfTest, counts_alarms_false_alarms_and_gates_that_failed) {
  const SelfTest test =
      evaluate_self_test({gate({cell(Verdict::kPassed, 1.01), twice(Verdict::kPassed, 0.99, 1.04),
                                cell(Verdict::kInconclusive, 0.98)}),
                          gate({cell(Verdict::kImproved, 0.9), twice(Verdict::kFailed, 1.05, 1.06),
                                cell(Verdict::kPassed, 1.0)})});
  EXPECT_EQ(test.alarms.count, 2);
  EXPECT_EQ(test.alarms.of, 6);
  EXPECT_EQ(test.false_alarms.count, 1);
  EXPECT_EQ(test.inconclusive.count, 1);
  EXPECT_EQ(test.failed_gates.count, 1);
  EXPECT_EQ(test.failed_gates.of, 2);
}

// First ratios 1.01, 1.04, 0.98, 0.9, 1.06 and 1.0, which takes no side.
TEST(SelfTest, one_sidedness_is_of_first_measurements) {
  const SelfTest test = evaluate_self_test(
      {gate({cell(Verdict::kPassed, 1.01), twice(Verdict::kPassed, 0.99, 1.04),
             cell(Verdict::kPassed, 0.98), cell(Verdict::kImproved, 0.9),
             twice(Verdict::kFailed, 1.05, 1.06), cell(Verdict::kPassed, 1.0)})});
  EXPECT_EQ(test.slower.count, 3);
  EXPECT_EQ(test.slower.of, 5);
}

TEST(SelfTest, cells_whose_time_was_not_judged_do_not_count) {
  CellVerdict skipped;
  skipped.verdict = Verdict::kSkipped;
  const SelfTest test = evaluate_self_test({gate({skipped})});
  EXPECT_EQ(test.alarms.of, 0);
  EXPECT_EQ(test.failed_gates.of, 1);
}

}  // namespace
}  // namespace harness
