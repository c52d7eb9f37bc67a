#include "harness/analysis/cell_verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

using ::testing::HasSubstr;

const GateBudget kBudget = {0.03, 0.005};

/// A cell of which ten rounds of so many seconds passed.
CellSummary passed(double seconds, int64_t peak_bytes = kMiB) {
  CellSummary summary;
  summary.cell = make_cell("fused", 8);
  summary.status = Status::kPassed;
  summary.measured = make_footprint(peak_bytes);
  for (int64_t round = 0; round < 10; ++round) summary.rounds.push_back({round, seconds});
  summary.records = 10;
  return summary;
}

CellSummary failed(Status status) {
  CellSummary summary;
  summary.cell = make_cell("fused", 8);
  summary.status = status;
  summary.reason = "why";
  summary.records = 1;
  return summary;
}

CellVerdict judge(const CellSummary& before, const CellSummary& after,
                  GateAgainst against = GateAgainst::kWorker) {
  return judge_cell(&before, &after, kBudget, against);
}

TEST(CellVerdict, passes_where_nothing_changed) {
  const CellVerdict verdict = judge(passed(0.5), passed(0.5));
  EXPECT_EQ(verdict.verdict, Verdict::kPassed);
  EXPECT_EQ(verdict.reason, "");
  EXPECT_EQ(verdict.before_samples_per_second, 2);
  EXPECT_FALSE(needs_confirmation(verdict));
}

TEST(CellVerdict, the_gravest_of_time_and_memory_decides) {
  const CellVerdict slower = judge(passed(1), passed(1.1, kMiB / 2));
  EXPECT_EQ(slower.verdict, Verdict::kFailed);
  EXPECT_EQ(slower.memory->verdict, Verdict::kImproved);
  const CellVerdict larger = judge(passed(1.1), passed(1, 2 * kMiB));
  EXPECT_EQ(larger.verdict, Verdict::kFailed);
  EXPECT_EQ(larger.time->verdict, Verdict::kImproved);
  const CellVerdict both = judge(passed(1), passed(1.1, 2 * kMiB));
  EXPECT_THAT(both.reason, HasSubstr("the peak is +100.00 %"));
  EXPECT_THAT(both.reason, HasSubstr("; a step takes +10.00 %"));
}

TEST(CellVerdict, only_what_failed_by_its_time_alone_is_measured_again) {
  EXPECT_TRUE(needs_confirmation(judge(passed(1), passed(1.1))));
  EXPECT_FALSE(needs_confirmation(judge(passed(1), passed(1.1, 2 * kMiB))));
  EXPECT_FALSE(needs_confirmation(judge(passed(1), passed(1, 2 * kMiB))));
  EXPECT_FALSE(needs_confirmation(judge(passed(1), failed(Status::kOutOfMemory))));
}

TEST(CellVerdict, a_second_measurement_decides_and_keeps_the_first) {
  const CellVerdict first = judge(passed(1), passed(1.1));
  const CellVerdict cleared = confirmed(first, judge(passed(1), passed(1)));
  EXPECT_EQ(cleared.verdict, Verdict::kPassed);
  EXPECT_DOUBLE_EQ(cleared.first_time->ratio, 1.1);
  EXPECT_EQ(confirmed(first, judge(passed(1), passed(1.2))).verdict, Verdict::kFailed);
}

TEST(CellVerdict, what_did_not_pass_on_both_sides_has_neither_time_nor_memory) {
  const CellVerdict lost = judge(passed(1), failed(Status::kOutOfMemory));
  EXPECT_EQ(lost.verdict, Verdict::kFailed);
  EXPECT_EQ(lost.reason, "passed before, out_of_memory now: why");
  EXPECT_FALSE(lost.time);
  EXPECT_FALSE(lost.memory);
  EXPECT_EQ(judge(failed(Status::kOutOfMemory), passed(1)).verdict, Verdict::kImproved);
}

TEST(CellVerdict, against_a_run_time_is_not_judged) {
  const CellVerdict verdict = judge(passed(1), passed(9), GateAgainst::kRun);
  EXPECT_EQ(verdict.verdict, Verdict::kPassed);
  EXPECT_FALSE(verdict.time);
  EXPECT_EQ(judge(passed(1), passed(1, 2 * kMiB), GateAgainst::kRun).verdict, Verdict::kFailed);
}

TEST(CellVerdict, against_a_run_of_another_cell_nothing_is_judged) {
  CellSummary other = passed(1, 2 * kMiB);
  other.cell.global_batch = 99;
  const CellVerdict verdict = judge(other, passed(1), GateAgainst::kRun);
  EXPECT_EQ(verdict.verdict, Verdict::kInconclusive);
  EXPECT_EQ(verdict.reason,
            "the run measured it with another global_batch; gate against a run of this sweep");
}

TEST(CellVerdict, a_cell_of_one_side_alone_is_inconclusive) {
  const CellSummary cell = passed(1);
  const CellVerdict fresh = judge_cell(nullptr, &cell, kBudget, GateAgainst::kRun);
  EXPECT_EQ(fresh.verdict, Verdict::kInconclusive);
  EXPECT_THAT(fresh.reason, HasSubstr("new: "));
  EXPECT_EQ(fresh.status.after, Status::kPassed);
  EXPECT_FALSE(fresh.status.before);
  const CellVerdict gone = judge_cell(&cell, nullptr, kBudget, GateAgainst::kRun);
  EXPECT_EQ(gone.verdict, Verdict::kInconclusive);
  EXPECT_THAT(gone.reason, HasSubstr("lost: "));
}

}  // namespace
}  // namespace harness
