#include "harness/analysis/cell_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/harness_error.h"
#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

CellSummary only_cell(const RunInfo& info, const std::vector<Record>& records) {
  const std::vector<CellGroup> groups = summarize_cells(info, records, flag_catalog());
  EXPECT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups.at(0).cells.size(), 1U);
  return groups.at(0).cells.at(0);
}

TEST(CellSummary, a_cell_passes_where_all_its_rounds_do) {
  const Cell cell = make_cell("fused", 8);
  const CellSummary summary =
      only_cell({}, {make_passed(cell, 2, 2.2), make_passed(cell, 1, 2), make_passed(cell, 0, 2)});
  EXPECT_EQ(summary.status, Status::kPassed);
  EXPECT_EQ(summary.reason, "");
  EXPECT_EQ(summary.records, 3);
  EXPECT_FALSE(summary.left_out());
  EXPECT_EQ(summary.rounds, (std::vector<RoundTime>{{0, 0.25}, {1, 0.25}, {2, 0.275}}));
  EXPECT_DOUBLE_EQ(*summary.samples_per_second, 4);
}

TEST(CellSummary, one_failed_round_is_the_cells_status_and_leaves_the_passed_ones_to_see) {
  const Cell cell = make_cell("fused", 8);
  for (const Status status :
       {Status::kIncorrect, Status::kMistrusted, Status::kUnsupported, Status::kSkipped,
        Status::kOutOfMemory, Status::kTimedOut, Status::kCrashed}) {
    const CellSummary summary =
        only_cell({}, {make_passed(cell, 2, 4, 8, kMiB), make_failed(cell, 1, status, "why"),
                       make_passed(cell, 0, 2)});
    EXPECT_EQ(summary.status, status);
    EXPECT_EQ(summary.reason, "why");
    EXPECT_EQ(summary.records, 3);
    EXPECT_TRUE(summary.left_out());
    EXPECT_EQ(summary.rounds, (std::vector<RoundTime>{{0, 0.25}, {2, 0.5}}));
    EXPECT_FALSE(summary.samples_per_second);
    EXPECT_EQ(summary.peak_bytes(), kMiB);
  }
}

TEST(CellSummary, rounds_that_disagree_are_mistrusted_and_stay_to_see) {
  const Cell cell = make_cell("fused", 8);
  std::vector<Record> records;
  for (const double seconds : {1.0, 1.0, 1.0, 3.0, 3.0, 3.0}) {
    records.push_back(make_passed(cell, static_cast<int64_t>(records.size()), seconds, 8, kMiB));
  }
  const CellSummary summary = only_cell({}, records);
  EXPECT_EQ(summary.status, Status::kMistrusted);
  EXPECT_THAT(summary.reason, testing::HasSubstr("50.0 % or more off their median"));
  EXPECT_TRUE(summary.left_out());
  EXPECT_EQ(summary.rounds.size(), 6U);
  EXPECT_FALSE(summary.samples_per_second);
  EXPECT_EQ(summary.peak_bytes(), kMiB);
}

TEST(CellSummary, a_cell_that_only_has_a_plan_is_out_of_memory_where_the_plan_is_over_the_limit) {
  RunInfo info;
  info.plans = {make_plan(make_cell("fused", 8), 2 * kGiB + 1)};
  const CellSummary over = only_cell(info, {});
  EXPECT_EQ(over.status, Status::kOutOfMemory);
  EXPECT_EQ(over.memory_source, "planned");
  EXPECT_EQ(over.records, 0);
  info.plans = {make_plan(make_cell("fused", 8), 2 * kGiB)};
  EXPECT_FALSE(only_cell(info, {}).status);
}

TEST(CellSummary, a_failure_goes_before_noise) {
  const Cell cell = make_cell("fused", 8);
  const CellSummary summary = only_cell({}, {make_passed(cell, 0, 1), make_passed(cell, 1, 9),
                                             make_failed(cell, 2, Status::kCrashed, "signal 11")});
  EXPECT_EQ(summary.status, Status::kCrashed);
  EXPECT_EQ(summary.reason, "signal 11");
}

TEST(CellSummary, incorrect_outweighs_earlier_failures_and_those_later_ones) {
  const Cell cell = make_cell("fused", 8);
  const std::vector<Record> records = {make_failed(cell, 3, Status::kIncorrect, "z"),
                                       make_failed(cell, 2, Status::kCrashed, "x"),
                                       make_failed(cell, 1, Status::kTimedOut, "y")};
  EXPECT_EQ(only_cell({}, records).status, Status::kIncorrect);
  EXPECT_EQ(only_cell({}, records).reason, "z");
  EXPECT_EQ(only_cell({}, {records[1], records[2]}).status, Status::kTimedOut);
  EXPECT_EQ(only_cell({}, {records[1], records[2]}).reason, "y");
  EXPECT_FALSE(only_cell({}, records).left_out());
}

TEST(CellSummary, the_largest_measured_peak_counts_and_goes_before_the_plan) {
  const Cell cell = make_cell("fused", 8);
  RunInfo info;
  info.plans = {make_plan(cell, 50)};
  EXPECT_EQ(only_cell(info, {}).peak_bytes(), 50);
  EXPECT_FALSE(only_cell(info, {}).status);
  EXPECT_EQ(only_cell(info, {make_passed(cell, 0, 1, 8, 60), make_passed(cell, 1, 1, 8, 70)})
                .peak_bytes(),
            70);
}

TEST(CellSummary, model_axes_in_any_order_are_the_same_cell) {
  Cell planned = make_cell("fused", 8);
  planned.model_axes = {{"layers", "2"}, {"gelu", "erf"}};
  Cell recorded = planned;
  std::swap(recorded.model_axes[0], recorded.model_axes[1]);
  RunInfo info;
  info.plans = {make_plan(planned, 50)};
  EXPECT_EQ(only_cell(info, {make_passed(recorded, 0, 1)}).records, 1);
}

TEST(CellSummary, groups_follow_the_axes_that_have_a_column) {
  RunInfo info;
  info.axes = {"implementation", "precision", "micro_batch", "flags"};
  for (const char* precision : {"fp32", "bf16"}) {
    info.plans.push_back(make_plan(make_cell("fused", 4, {}, precision), 1));
    info.plans.push_back(make_plan(make_cell("fused", 8, {}, precision), 1));
  }
  std::swap(info.plans[1], info.plans[2]);
  const std::vector<CellGroup> groups = summarize_cells(info, {}, flag_catalog());
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].axes, std::vector<std::string>{"fp32"});
  EXPECT_EQ(groups[1].axes, std::vector<std::string>{"bf16"});
  ASSERT_EQ(groups[0].cells.size(), 2U);
  EXPECT_EQ(groups[0].cells[1].cell.micro_batch, 8);
}

TEST(CellSummary, two_records_of_one_round_are_refused) {
  const Cell cell = make_cell("fused", 8);
  try {
    summarize_cells({}, {make_passed(cell, 1, 1), make_passed(cell, 1, 2)}, flag_catalog());
    FAIL() << "accepted";
  } catch (const HarnessError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("two records of fused at micro-batch 8"));
  }
}

}  // namespace
}  // namespace harness
