#include "harness/tuning/explanation.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

const Cell kPlain8 = tuning_cell("fused", 8);
const Cell kPlain12 = tuning_cell("fused", 12);
const Cell kGelu8 = tuning_cell("fused", 8, {"gelu_checkpoint"});
const Cell kGelu12 = tuning_cell("fused", 12, {"gelu_checkpoint"});
const Cell kFlash8 = tuning_cell("fused", 8, {"flash_attention"});

RunInfo planned_run() {
  RunInfo info;
  info.axes = {"micro_batch"};
  info.plans = {make_plan(kPlain8, 1000 * kMiB), make_plan(kGelu8, 800 * kMiB),
                make_plan(kGelu12, 1100 * kMiB), make_plan(kFlash8, 700 * kMiB)};
  info.fits = {make_fit(kPlain8, 2 * kGiB, 1, 8, 1), make_fit(kGelu8, 2 * kGiB, 1, 12, 1),
               make_fit(kFlash8, 2 * kGiB, 1, 14, 1)};
  return info;
}

/// The reasons of `answer` where these records were measured, and the model has seen
/// gelu_checkpoint cost a factor of 1.1 and nothing of flash_attention.
std::vector<FlagReason> reasons_of(const Cell& answer, const std::vector<Record>& records,
                                   const RunInfo& info = planned_run()) {
  const CostFeatures features({kPlain8, kGelu8, kGelu12, kFlash8});
  std::vector<CostModel::Observation> observations;
  for (int i = 0; i < 1000; ++i) {
    observations.push_back({features.row(kPlain8), std::log(0.1)});
    observations.push_back({features.row(kGelu8), std::log(0.11)});
  }
  const CostModel model(features.terms(), observations);
  return explain_flags(info, summarize_cells(info, records, flag_catalog()),
                       FitTable(info, cheaper), answer, features.terms(), model);
}

// At micro-batch 8, in the same passes: 1.05 to 1. Best rates: 8/1 = 8 without flags, 12/1.2 = 10
// with.
TEST(ExplainFlags, says_what_the_answer_s_set_costs_frees_and_brings) {
  std::vector<Record> records;
  for (int64_t pass = 0; pass < 2; ++pass) {
    records.push_back(make_passed(kPlain8, pass, 1, 8));
    records.push_back(make_passed(kGelu8, pass, 1.05, 8));
    records.push_back(make_passed(kGelu12, pass, 1.2, 12));
  }
  const auto reasons = reasons_of(kGelu12, records);
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0].cost.flags, "gelu_checkpoint");
  EXPECT_FALSE(reasons[0].fitted_error_percent);
  EXPECT_NEAR(*reasons[0].cost.time_cost_percent, 5, 1e-9);
  EXPECT_EQ(reasons[0].paired_rounds, 2);
  EXPECT_EQ(reasons[0].cost.memory->freed_bytes, 200 * kMiB);
  EXPECT_EQ(reasons[0].cost.largest_micro_batch_before, 8);
  EXPECT_EQ(reasons[0].cost.largest_micro_batch_after, 12);
  EXPECT_NEAR(reasons[0].cost.net_throughput->percent, 25, 1e-9);
  EXPECT_EQ(reasons[0].cost.net_throughput->micro_batch_before, 8);
  EXPECT_EQ(reasons[0].cost.net_throughput->micro_batch_after, 12);
}

// Without flags micro-batch 12 takes 3000 MiB, over the limit of 2 GiB: it was never launched.
TEST(ExplainFlags, says_by_the_plan_what_the_set_frees_at_the_answer_s_micro_batch) {
  RunInfo info = planned_run();
  info.plans.push_back(make_plan(kPlain12, 3000 * kMiB));
  const auto reasons =
      reasons_of(kGelu12, {make_passed(kPlain8, 0, 1, 8), make_passed(kGelu8, 0, 1.05, 8)}, info);
  EXPECT_EQ(reasons[0].memory_micro_batch, 12);
  EXPECT_EQ(reasons[0].cost.memory->freed_bytes, 1900 * kMiB);
  EXPECT_EQ(reasons[0].cost.micro_batch, 8);
  EXPECT_NEAR(*reasons[0].cost.time_cost_percent, 5, 1e-9);
}

// At micro-batch 8 both ran once in one pass, at 12 in six.
TEST(ExplainFlags, takes_the_time_from_where_it_was_measured_best) {
  RunInfo info = planned_run();
  info.plans.push_back(make_plan(kPlain12, 1500 * kMiB));
  std::vector<Record> records = {make_passed(kPlain8, 0, 1, 8), make_passed(kGelu8, 0, 1.5, 8)};
  for (int64_t pass = 1; pass <= 6; ++pass) {
    records.push_back(make_passed(kPlain12, pass, 1, 12));
    records.push_back(make_passed(kGelu12, pass, 1.05, 12));
  }
  const auto reasons = reasons_of(kGelu8, records, info);
  EXPECT_EQ(reasons[0].cost.micro_batch, 12);
  EXPECT_EQ(reasons[0].paired_rounds, 6);
  EXPECT_NEAR(*reasons[0].cost.time_cost_percent, 5, 1e-9);
  EXPECT_EQ(reasons[0].memory_micro_batch, 8);
}

// The fastest cell with the flag is not the one with the largest micro-batch.
TEST(ExplainFlags, net_is_between_the_fastest_cells) {
  const auto reasons =
      reasons_of(kGelu8, {make_passed(kPlain8, 0, 1, 8), make_passed(kGelu8, 0, 0.8, 8),
                          make_passed(kGelu12, 0, 2, 12)});
  EXPECT_NEAR(reasons[0].cost.net_throughput->percent, 25, 1e-9);
  EXPECT_EQ(reasons[0].cost.net_throughput->micro_batch_after, 8);
}

TEST(ExplainFlags, takes_the_model_s_cost_where_none_was_measured_in_one_pass) {
  const auto reasons =
      reasons_of(kGelu12, {make_passed(kPlain8, 0, 1, 8), make_passed(kGelu8, 1, 1.3, 8)});
  // A deviation of 0.03 (kLeastDeviation) on the difference of two means of 1000, times the factor.
  EXPECT_NEAR(reasons[0].fitted_error_percent.value(), 100 * 1.1 * 0.03 * std::sqrt(2.0 / 1000),
              0.001);
  EXPECT_EQ(reasons[0].paired_rounds, 0);
  EXPECT_NEAR(*reasons[0].cost.time_cost_percent, 10, 0.01);
}

TEST(ExplainFlags, of_a_flag_that_was_never_measured_the_plan_speaks_alone) {
  const auto reasons = reasons_of(kPlain8, {make_passed(kPlain8, 0, 1, 8)});
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0].cost.flags, "gelu_checkpoint");
  EXPECT_EQ(reasons[1].cost.flags, "flash_attention");
  EXPECT_EQ(reasons[1].cost.time_cost_percent, std::nullopt);
  EXPECT_FALSE(reasons[1].fitted_error_percent);
  EXPECT_EQ(reasons[1].cost.memory->freed_bytes, 300 * kMiB);
  EXPECT_FALSE(reasons[1].cost.net_throughput);
}

}  // namespace
}  // namespace harness
