#include "harness/analysis/flag_cost.h"

#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

const Cell kNone8 = make_cell("fused", 8);
const Cell kGelu8 = make_cell("fused", 8, {"gelu_checkpoint"});
const Cell kGelu12 = make_cell("fused", 12, {"gelu_checkpoint"});

std::vector<FlagCost> costs_of(const RunInfo& info, const std::vector<Record>& records) {
  return derive_flag_costs(info, summarize_cells(info, records, flag_catalog()),
                           FitTable(info, cheaper));
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
  ASSERT_TRUE(costs[0].memory);
  EXPECT_EQ(costs[0].memory->freed_bytes, 200 * kMiB - 2);
  EXPECT_EQ(costs[0].memory->phase_before, "backward");
  EXPECT_EQ(costs[0].largest_micro_batch_before, 8);
  EXPECT_EQ(costs[0].largest_micro_batch_after, 12);
  ASSERT_TRUE(costs[0].net_throughput);
  EXPECT_NEAR(costs[0].net_throughput->percent, 25, 1e-9);
  EXPECT_EQ(costs[0].net_throughput->micro_batch_before, 8);
  EXPECT_EQ(costs[0].net_throughput->micro_batch_after, 12);
}

TEST(FlagCost, without_measurements_the_plan_still_speaks) {
  const std::vector<FlagCost> costs = costs_of(planned_run(), {});
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_FALSE(costs[0].time_cost_percent);
  EXPECT_FALSE(costs[0].net_throughput);
  EXPECT_EQ(costs[0].memory.value().freed_bytes, 200 * kMiB);
  EXPECT_EQ(costs[0].largest_micro_batch_after, 12);
}

TEST(FlagCost, measured_and_planned_peaks_are_not_mixed) {
  const std::vector<FlagCost> costs =
      costs_of(planned_run(), {make_passed(kNone8, 0, 1, 8, 5000 * kMiB)});
  EXPECT_EQ(costs.at(0).memory.value().freed_bytes, 200 * kMiB);
}

TEST(FlagCost, failed_cells_have_no_time) {
  const std::vector<FlagCost> costs =
      costs_of(planned_run(),
               {make_passed(kNone8, 0, 1), make_failed(kGelu8, 0, Status::kIncorrect, "d_weight")});
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_FALSE(costs[0].time_cost_percent);
  EXPECT_FALSE(costs[0].net_throughput);
}

TEST(FlagCost, a_cell_that_failed_in_one_round_has_no_time) {
  for (const Cell& failing : {kNone8, kGelu8}) {
    const std::vector<FlagCost> costs =
        costs_of(planned_run(), {make_passed(kNone8, 0, 1), make_passed(kGelu8, 0, 1),
                                 make_failed(failing, 1, Status::kCrashed, "signal 11")});
    ASSERT_EQ(costs.size(), 1U);
    EXPECT_FALSE(costs[0].time_cost_percent);
    EXPECT_FALSE(costs[0].net_throughput);
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
  EXPECT_FALSE(costs[0].memory);
}

TEST(FlagCost, no_limit_means_no_largest_micro_batch) {
  RunInfo info = planned_run();
  for (PlannedCell& planned : info.plans) planned.cell.device.memory_limit_bytes.reset();
  const std::vector<FlagCost> costs = costs_of(info, {});
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_FALSE(costs[0].memory_limit_bytes);
  EXPECT_FALSE(costs[0].largest_micro_batch_before);
}

// Ratios flagged over plain 1.1, 1.1, 0.9: the median cost is 10 %, so net is 1 / 1.1 - 1. The
// medians of the rates would say +1 %: 8 / 0.99 over 8.
TEST(FlagCost, net_at_one_micro_batch_is_the_cost_from_paired_rounds) {
  std::vector<Record> records;
  for (int64_t round = 0; round < 3; ++round) {
    records.push_back(make_passed(kNone8, round, std::vector{0.9, 1.0, 1.1}[round]));
    records.push_back(make_passed(kGelu8, round, std::vector{0.99, 1.1, 0.99}[round]));
  }
  const std::vector<FlagCost> costs = costs_of(planned_run(), records);
  ASSERT_EQ(costs.size(), 1U);
  EXPECT_NEAR(*costs[0].time_cost_percent, 10, 1e-9);
  EXPECT_NEAR(costs[0].net_throughput.value().percent, 100 * (1 / 1.1 - 1), 1e-9);
}

FlagCost cost_between(const MemoryFootprint& plain, const MemoryFootprint& flagged) {
  RunInfo info;
  info.plans = {{kNone8, {plain, ""}}, {kGelu8, {flagged, ""}}};
  return costs_of(info, {}).at(0);
}

// The flag drops 24 MiB of saved activations and takes as much workspace to compute them again.
TEST(FlagCost, saved_activations_show_where_the_peak_does_not_move) {
  const BytesByCategory plain{100 * kMiB, 10 * kMiB, 200 * kMiB, 80 * kMiB, 10 * kMiB, 0};
  BytesByCategory flagged = plain;
  flagged.saved_activations -= 24 * kMiB;
  flagged.workspace += 24 * kMiB;
  const FlagCost cost = cost_between({400 * kMiB, plain, "backward", 0, std::nullopt},
                                     {400 * kMiB, flagged, "backward", 0, std::nullopt});
  EXPECT_EQ(cost.memory.value().freed_saved_activations_bytes, 24 * kMiB);
}

// Without the flag the peak lies where activations are saved, with it after gradients are there:
// the difference of what is saved at the two is not what the flag freed.
TEST(FlagCost, saved_activations_at_two_points_of_a_step_are_not_compared) {
  const BytesByCategory plain{100 * kMiB, 10 * kMiB, 200 * kMiB, 90 * kMiB, 0, 0};
  const BytesByCategory later{100 * kMiB, 90 * kMiB, 200 * kMiB, 0, 0, 0};
  FlagCost cost = cost_between({400 * kMiB, plain, "backward", 0, std::nullopt},
                               {390 * kMiB, later, "backward", 0, std::nullopt});
  EXPECT_FALSE(cost.memory.value().freed_saved_activations_bytes);
  cost = cost_between({400 * kMiB, plain, "backward", 0, std::nullopt},
                      {390 * kMiB, later, "optimizer", 0, std::nullopt});
  EXPECT_FALSE(cost.memory.value().freed_saved_activations_bytes);
  EXPECT_EQ(cost.memory->phase_before, "backward");
  EXPECT_EQ(cost.memory->phase_after, "optimizer");
}

}  // namespace
}  // namespace harness
