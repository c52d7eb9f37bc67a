#include "harness/analysis/flag_cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

const Cell kNone8 = make_cell("fused", 8);
const Cell kGelu8 = make_cell("fused", 8, {"gelu_checkpoint"});
const Cell kGelu12 = make_cell("fused", 12, {"gelu_checkpoint"});

std::vector<FlagCost> costs_of(const RunInfo& info, const std::vector<Record>& records) {
  return derive_flag_costs(info, summarize_cells(info, records), FitTable(info, cheaper));
}

RunInfo planned_run() {
  RunInfo info;
  info.plans = {make_plan(kNone8, 1000 * kMiB), make_plan(kGelu8, 800 * kMiB),
                make_plan(kGelu12, 1100 * kMiB)};
  info.fits = {make_fit(kNone8, 2 * kGiB, 1, 8, 1), make_fit(kGelu8, 2 * kGiB, 1, 7, 1),
               make_fit(kGelu8, 2 * kGiB, 8, 12, 1), make_fit(kGelu8, 4 * kGiB, 1, 30, 1)};
  return info;
}

// At micro-batch 8: ratios 1.05, 1.1, 1.02: +5 %. Rates at the largest passed micro-batches:
// 8/1 = 8 without (8), 12/1.2 = 10 with (12): net +25 %.
TEST(FlagCost, compares_with_no_flags_in_the_same_rounds) {
  std::vector<Record> records;
  for (int64_t round = 0; round < 3; ++round) {
    records.push_back(make_passed(kNone8, round, 1, 8, 990 * kMiB));
    records.push_back(
        make_passed(kGelu8, round, std::vector{1.05, 1.1, 1.02}[round], 8, 790 * kMiB + round));
    records.push_back(make_passed(kGelu12, round, 1.2, 12, 1090 * kMiB));
  }
  const std::vector<FlagCost> costs = costs_of(planned_run(), records);
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_EQ(costs[0].implementation, "fused");
  EXPECT_EQ(costs[0].flags, "gelu_checkpoint");
  EXPECT_EQ(costs[0].micro_batch, 8);
  EXPECT_EQ(costs[0].memory_limit_bytes, 2 * kGiB);
  EXPECT_NEAR(*costs[0].time_cost_percent, 5, 1e-9);
  EXPECT_EQ(costs[0].freed_bytes, 200 * kMiB - 2);
  EXPECT_EQ(costs[0].largest_micro_batch_before, 8);
  EXPECT_EQ(costs[0].largest_micro_batch_after, 12);
  EXPECT_NEAR(*costs[0].net_throughput_percent, 25, 1e-9);
  EXPECT_EQ(
      flag_cost_sentence(costs[0]),
      "flag gelu_checkpoint costs 5.0 %, frees 200.0 MiB, raises the largest micro-batch from "
      "8 to 12, net +25.0 %");
}

TEST(FlagCost, without_measurements_the_plan_still_speaks) {
  const std::vector<FlagCost> costs = costs_of(planned_run(), {});
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_FALSE(costs[0].time_cost_percent);
  EXPECT_FALSE(costs[0].net_throughput_percent);
  EXPECT_EQ(costs[0].freed_bytes, 200 * kMiB);
  EXPECT_EQ(flag_cost_sentence(costs[0]),
            "flag gelu_checkpoint has no measured time cost, frees 200.0 MiB, raises the largest "
            "micro-batch from 8 to 12");
}

TEST(FlagCost, measured_and_planned_peaks_are_not_mixed) {
  const std::vector<FlagCost> costs =
      costs_of(planned_run(), {make_passed(kNone8, 0, 1, 8, 5000 * kMiB)});
  EXPECT_EQ(costs.at(0).freed_bytes, 200 * kMiB);
}

TEST(FlagCost, failed_cells_have_no_time) {
  const std::vector<FlagCost> costs =
      costs_of(planned_run(),
               {make_passed(kNone8, 0, 1), make_failed(kGelu8, 0, Status::kIncorrect, "d_weight")});
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_FALSE(costs[0].time_cost_percent);
  EXPECT_FALSE(costs[0].net_throughput_percent);
}

TEST(FlagCost, a_cell_that_failed_in_one_round_has_no_time) {
  for (const Cell& failing : {kNone8, kGelu8}) {
    const std::vector<FlagCost> costs =
        costs_of(planned_run(), {make_passed(kNone8, 0, 1), make_passed(kGelu8, 0, 1),
                                 make_failed(failing, 1, Status::kCrashed, "signal 11")});
    ASSERT_EQ(costs.size(), 1U);
    EXPECT_FALSE(costs[0].time_cost_percent);
    EXPECT_FALSE(costs[0].net_throughput_percent);
  }
}

TEST(FlagCost, each_implementation_is_compared_with_itself) {
  RunInfo info;
  const std::vector<Record> records = {
      make_passed(make_cell("fused", 8), 0, 1), make_passed(make_cell("pytorch_eager", 8), 0, 2),
      make_passed(make_cell("pytorch_eager", 8, {"activation_checkpoint"}), 0, 3)};
  const std::vector<FlagCost> costs = costs_of(info, records);
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_EQ(costs[0].implementation, "pytorch_eager");
  EXPECT_NEAR(*costs[0].time_cost_percent, 50, 1e-9);
  EXPECT_FALSE(costs[0].freed_bytes);
}

TEST(FlagCost, no_limit_means_no_largest_micro_batch) {
  RunInfo info = planned_run();
  for (PlannedCell& planned : info.plans) planned.cell.device.memory_limit_bytes.reset();
  const std::vector<FlagCost> costs = costs_of(info, {});
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_FALSE(costs[0].memory_limit_bytes);
  EXPECT_FALSE(costs[0].largest_micro_batch_before);
  EXPECT_EQ(flag_cost_sentence(costs[0]),
            "flag gelu_checkpoint has no measured time cost, frees 200.0 MiB");
}

TEST(FlagCost, sentence_says_where_the_largest_micro_batch_stays_or_falls) {
  FlagCost cost;
  cost.flags = "gelu_checkpoint";
  cost.time_cost_percent = -0.25;
  cost.largest_micro_batch_before = cost.largest_micro_batch_after = 8;
  EXPECT_EQ(flag_cost_sentence(cost),
            "flag gelu_checkpoint costs -0.2 %, leaves the largest micro-batch at 8");
  cost.largest_micro_batch_after = 7;
  EXPECT_THAT(flag_cost_sentence(cost),
              testing::HasSubstr("lowers the largest micro-batch from 8"));
}

}  // namespace
}  // namespace harness
