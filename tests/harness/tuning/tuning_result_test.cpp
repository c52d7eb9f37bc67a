#include "harness/tuning/tuning_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

ScheduledCell scheduled(const Cell& cell, int64_t peak_bytes) {
  const PlannedCell planned = make_plan(cell, peak_bytes);
  return {planned.cell, planned.plan, std::nullopt, ""};
}

TuningRun two_candidates() {
  TuningRun run;
  run.space.candidates = {scheduled(tuning_cell("fused", 4), kGiB),
                          scheduled(tuning_cell("fused", 8), kGiB + kMiB)};
  run.space.left_out = {scheduled(tuning_cell("fused", 12), 3 * kGiB)};
  run.space.left_out[0].not_launched = Status::kOutOfMemory;
  run.space.left_out[0].reason = "over";
  run.trial_limit = 12;
  run.seconds = 7;
  return run;
}

TEST(TuningResult, counts_everything_and_ranks_what_passed) {
  TuningRun run = two_candidates();
  run.trials = {passed_trial(0, 0, 0.2, TrialStage::kScreening),
                passed_trial(1, 0, 0.1, TrialStage::kScreening), passed_trial(1, 1, 0.1)};
  std::vector<Record> records = {make_passed(run.space.candidates[0].cell, 0, 4.8, 24, 900 * kMiB),
                                 make_passed(run.space.candidates[1].cell, 0, 2.4, 24, 901 * kMiB),
                                 make_passed(run.space.candidates[1].cell, 1, 2.4, 24, 905 * kMiB)};
  const TuningResult result = conclude(run, {}, records, flag_catalog());
  EXPECT_EQ(result.candidates, 2);
  EXPECT_EQ(result.grid_trials, 12);
  EXPECT_EQ(result.trials, 3);
  ASSERT_EQ(result.passes.size(), 2U);
  EXPECT_EQ(result.passes[0].trials, 2);
  EXPECT_EQ(result.passes[1].stage, TrialStage::kNarrowing);
  ASSERT_EQ(result.left_out.size(), 1U);
  EXPECT_EQ(result.left_out[0].status, Status::kOutOfMemory);
  ASSERT_EQ(result.ranking.size(), 2U);
  EXPECT_EQ(result.ranking[0].cell.micro_batch, 8);
  EXPECT_DOUBLE_EQ(result.ranking[0].ranked.samples_per_second, 10);
  EXPECT_EQ(result.ranking[0].planned->peak_bytes, kGiB + kMiB);
  EXPECT_EQ(result.ranking[0].measured->peak_bytes, 905 * kMiB);
  EXPECT_EQ(result.terms.size(), 2U);
}

TEST(TuningResult, without_a_passed_trial_there_is_neither_answer_nor_model) {
  TuningRun run = two_candidates();
  run.trials = {failed_trial(0, 0, Status::kCrashed)};
  const TuningResult result =
      conclude(run, {}, {make_failed(run.space.candidates[0].cell, 0, Status::kCrashed, "x")}, {});
  EXPECT_TRUE(result.ranking.empty());
  EXPECT_TRUE(result.terms.empty());
  EXPECT_EQ(result.trials, 1);
}

}  // namespace
}  // namespace harness
