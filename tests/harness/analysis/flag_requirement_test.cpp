#include "harness/analysis/flag_requirement.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/fit_segments.h"
#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

using testing::ElementsAre;

const Cell kNone = make_cell("fused", 8);
const Cell kInvertible = make_cell("fused", 8, {"normalize_invertible"});
const Cell kGelu = make_cell("fused", 8, {"gelu_checkpoint"});
const Cell kBoth = make_cell("fused", 8, {"normalize_invertible", "gelu_checkpoint"});

RunInfo make_info(std::vector<FitSegment> fits, std::vector<int64_t> limits = {2 * kGiB}) {
  RunInfo info;
  info.flag_table_limits = std::move(limits);
  info.plans = {make_plan(kNone, kGiB)};
  info.fits = std::move(fits);
  return info;
}

/// "from-to flags peak source" of every row.
std::vector<std::string> rows_of(const RunInfo& info, const std::vector<Record>& records = {}) {
  std::vector<std::string> texts;
  for (const FlagRequirement& row : derive_flag_requirements(
           info, summarize_cells(info, records, flag_catalog()), FitTable(info, cheaper))) {
    texts.push_back(fmt::format("{}-{} {} {} {}", row.micro_batch_from,
                                row.micro_batch_to ? std::to_string(*row.micro_batch_to) : "",
                                row.out_of_memory() ? "out_of_memory" : row.flags,
                                row.peak_bytes ? std::to_string(*row.peak_bytes) : "",
                                row.measured ? "measured" : "planned"));
  }
  return texts;
}

TEST(FlagRequirement, each_range_takes_the_cheapest_set_that_fits) {
  const RunInfo info =
      make_info({make_fit(kBoth, 2 * kGiB, 1, 14, 54), make_fit(kGelu, 2 * kGiB, 1, 12, 53),
                 make_fit(kInvertible, 2 * kGiB, 1, 10, 52), make_fit(kNone, 2 * kGiB, 1, 9, 51)});
  EXPECT_THAT(rows_of(info),
              ElementsAre("1-9 none 51 planned", "10-10 normalize_invertible 52 planned",
                          "11-12 gelu_checkpoint 53 planned",
                          "13-14 normalize_invertible+gelu_checkpoint 54 planned",
                          "15- out_of_memory  planned"));
}

TEST(FlagRequirement, a_dominated_set_gets_no_range) {
  const RunInfo info =
      make_info({make_fit(kInvertible, 2 * kGiB, 1, 10, 52), make_fit(kGelu, 2 * kGiB, 1, 10, 53)});
  EXPECT_THAT(rows_of(info),
              ElementsAre("1-10 normalize_invertible 52 planned", "11- out_of_memory  planned"));
}

// Global batch 24: from micro-batch 24 on no gradients accumulate, and less memory is needed.
TEST(FlagRequirement, holes_at_the_end_of_accumulation_are_rows_of_their_own) {
  const RunInfo info =
      make_info({make_fit(kNone, 2 * kGiB, 1, 20, 60), make_fit(kNone, 2 * kGiB, 24, 25, 58),
                 make_fit(kInvertible, 2 * kGiB, 1, 22, 61)});
  EXPECT_THAT(rows_of(info),
              ElementsAre("1-20 none 60 planned", "21-22 normalize_invertible 61 planned",
                          "23-23 out_of_memory  planned", "24-25 none 58 planned",
                          "26- out_of_memory  planned"));
}

TEST(FlagRequirement, segments_that_touch_are_one_range_with_the_larger_peak) {
  const RunInfo info =
      make_info({make_fit(kNone, 2 * kGiB, 1, 23, 60), make_fit(kNone, 2 * kGiB, 24, 25, 58)});
  EXPECT_THAT(rows_of(info), ElementsAre("1-25 none 60 planned", "26- out_of_memory  planned"));
}

TEST(FlagRequirement, no_end_is_claimed_beyond_what_a_sweep_may_ask_for) {
  const RunInfo info = make_info({make_fit(kNone, 2 * kGiB, 1, kLargestSearchedMicroBatch, 60)});
  EXPECT_THAT(rows_of(info),
              ElementsAre(fmt::format("1-{} none 60 planned", kLargestSearchedMicroBatch)));
}

TEST(FlagRequirement, nothing_fits_from_the_first_micro_batch_on) {
  EXPECT_THAT(rows_of(make_info({})), ElementsAre("1- out_of_memory  planned"));
}

TEST(FlagRequirement, limits_ascend_and_include_the_devices_own) {
  const RunInfo info = make_info(
      {make_fit(kNone, 4 * kGiB, 1, 9, 90), make_fit(kNone, 2 * kGiB, 1, 4, 40)}, {4 * kGiB});
  EXPECT_THAT(rows_of(info), ElementsAre("1-4 none 40 planned", "5- out_of_memory  planned",
                                         "1-9 none 90 planned", "10- out_of_memory  planned"));
}

TEST(FlagRequirement, a_passed_cell_at_the_end_of_the_range_makes_it_measured) {
  const RunInfo info = make_info(
      {make_fit(kNone, 2 * kGiB, 1, 8, 40), make_fit(kNone, 4 * kGiB, 1, 8, 40)}, {4 * kGiB});
  EXPECT_THAT(rows_of(info, {make_passed(kNone, 0, 1)}),
              ElementsAre("1-8 none 40 measured", "9- out_of_memory  planned",
                          "1-8 none 40 planned", "9- out_of_memory  planned"));
  Cell smaller = kNone;
  smaller.micro_batch = 7;
  EXPECT_THAT(rows_of(info, {make_passed(smaller, 0, 1)})[0], "1-8 none 40 planned");
  EXPECT_THAT(rows_of(info, {make_failed(kNone, 0, Status::kCrashed, "x")})[0],
              "1-8 none 40 planned");
}

TEST(FlagRequirement, a_round_that_passed_proves_that_it_fits_unless_another_ran_out) {
  const RunInfo info = make_info({make_fit(kNone, 2 * kGiB, 1, 8, 40)});
  EXPECT_EQ(rows_of(info, {make_passed(kNone, 0, 1),
                           make_failed(kNone, 1, Status::kTimedOut, "slow")})[0],
            "1-8 none 40 measured");
  EXPECT_EQ(rows_of(info, {make_passed(kNone, 0, 1),
                           make_failed(kNone, 1, Status::kOutOfMemory, "full")})[0],
            "1-8 none 40 planned");
}

TEST(FlagRequirement, a_round_that_passed_beyond_the_plan_takes_the_proof_away) {
  const Cell beyond = make_cell("fused", 9);
  RunInfo info = make_info({make_fit(kNone, 2 * kGiB, 1, 8, 40)});
  info.plans.push_back(make_plan(beyond, 3 * kGiB));
  EXPECT_EQ(rows_of(info, {make_passed(beyond, 0, 1),
                           make_failed(beyond, 1, Status::kOutOfMemory, "full")})[1],
            "9- out_of_memory  planned");
}

TEST(FlagRequirement, only_a_launched_cell_proves_that_memory_runs_out) {
  const Cell beyond = make_cell("fused", 9);
  RunInfo info = make_info({make_fit(kNone, 2 * kGiB, 1, 8, 40)});
  info.plans.push_back(make_plan(beyond, 3 * kGiB));
  Record record = make_failed(beyond, 0, Status::kOutOfMemory, "full");
  EXPECT_THAT(rows_of(info, {record})[1], "9- out_of_memory  measured");
  record.memory.source = "planned";
  EXPECT_THAT(rows_of(info, {record})[1], "9- out_of_memory  planned");
}

TEST(FlagRequirement, implementations_without_a_plan_have_no_rows) {
  RunInfo info = make_info({make_fit(kNone, 2 * kGiB, 1, 8, 40)});
  info.plans.push_back({make_cell("pytorch_eager", 8), {std::nullopt, "no such kernel"}});
  EXPECT_EQ(rows_of(info).size(), 2U);
}

}  // namespace
}  // namespace harness
