#include "harness/analysis/memory_change.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(MemoryChange, fails_above_the_budget_and_improves_below_it) {
  EXPECT_EQ(judge_memory(1000, 1000, 0.005).verdict, Verdict::kPassed);
  EXPECT_EQ(judge_memory(1000, 1005, 0.005).verdict, Verdict::kPassed);
  EXPECT_EQ(judge_memory(1000, 1006, 0.005).verdict, Verdict::kFailed);
  EXPECT_EQ(judge_memory(1000, 995, 0.005).verdict, Verdict::kPassed);
  EXPECT_EQ(judge_memory(1000, 994, 0.005).verdict, Verdict::kImproved);
}

TEST(MemoryChange, says_both_peaks) {
  const MemoryChange change = judge_memory(1000, 1100, 0.005);
  EXPECT_DOUBLE_EQ(change.ratio(), 1.1);
  EXPECT_EQ(reason_of(change),
            "the peak is +10.00 % (1100 bytes, 1000 before), the budget is 0.5 %");
  EXPECT_EQ(reason_of(judge_memory(1100, 1000, 0.005)), "");
}

TEST(MemoryChange, needs_bytes_on_both_sides) {
  EXPECT_THROW(judge_memory(0, 1, 0.005), std::invalid_argument);
  EXPECT_THROW(judge_memory(1, 0, 0.005), std::invalid_argument);
}

}  // namespace
}  // namespace harness
