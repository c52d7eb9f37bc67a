#include "harness/analysis/speedup.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/analysis/published.h"
#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

std::vector<SpeedupRow> speedups_of(const RunInfo& info, const std::vector<Record>& records) {
  std::vector<SpeedupRow> rows;
  const std::vector<CellGroup> groups = summarize_cells(info, records, flag_catalog());
  for (const ComparisonGroup& group : compare_run(info, groups, FitTable(info, cheaper), cheaper)) {
    for (SpeedupRow& row : derive_speedups(group)) rows.push_back(std::move(row));
  }
  return rows;
}

/// Rounds 0.. of a cell, each with its seconds for 8 sequences.
void add_rounds(std::vector<Record>& records, const Cell& cell,
                const std::vector<double>& seconds) {
  int64_t round = 0;
  for (const double value : seconds) records.push_back(make_passed(cell, round++, value));
}

RunInfo eager_baseline() {
  RunInfo info;
  info.baseline = "pytorch_eager";
  return info;
}

// Ratios baseline/candidate 2, 2.5, 2.5, 2, 2.5, 1.6: the median of their logs is that of 2
// and 2.5; the ratio of the medians would be 2.
TEST(Speedup, pairs_rounds_at_the_same_micro_batch) {
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 8), {4, 5, 4, 4, 5, 4});
  add_rounds(records, make_cell("fused", 8), {2, 2, 1.6, 2, 2, 2.5});
  const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].micro_batch, 8);
  EXPECT_EQ(rows[0].baseline.implementation, "pytorch_eager");
  EXPECT_EQ(rows[0].candidate.implementation, "fused");
  EXPECT_DOUBLE_EQ(*rows[0].baseline.samples_per_second, 2);
  EXPECT_DOUBLE_EQ(*rows[0].candidate.samples_per_second, 4);
  EXPECT_DOUBLE_EQ(*rows[0].speedup, std::sqrt(5.0));
  ASSERT_TRUE(rows[0].interval);
  EXPECT_DOUBLE_EQ(rows[0].interval->low, 1.6);
  EXPECT_DOUBLE_EQ(rows[0].interval->high, 2.5);
  EXPECT_EQ(rows[0].basis, SpeedupBasis::kSameMicroBatch);
}

TEST(Speedup, says_which_candidates_compute_something_else) {
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 8), {4});
  add_rounds(records, make_cell("fused", 8), {2});
  add_rounds(records, make_cell("fused", 8, {"remove_padding"}), {1});
  const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].baseline.work, "");
  EXPECT_EQ(rows[0].candidate.work, "");
  EXPECT_EQ(rows[1].candidate.work, "without padding");
}

// A kernel never gets the credit of an optimizer: 8 / 2 with one, 6 / 2 with the other.
TEST(Speedup, compares_with_the_baseline_of_the_same_optimizer) {
  std::vector<Record> records;
  const auto add = [&](const std::string& implementation, const std::string& optimizer,
                       double seconds) {
    Cell cell = make_cell(implementation, 8);
    cell.optimizer = optimizer;
    add_rounds(records, cell, {seconds});
  };
  add("pytorch_eager", "adamw", 8);
  add("fused", "adamw", 2);
  add("pytorch_eager", "fused_adamw", 6);
  add("fused", "fused_adamw", 2);
  RunInfo info = eager_baseline();
  info.axes = {"implementation", "optimizer"};
  const std::vector<SpeedupRow> rows = speedups_of(info, records);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_THAT(rows[0].axes, testing::ElementsAre("adamw"));
  EXPECT_DOUBLE_EQ(*rows[0].speedup, 4);
  EXPECT_THAT(rows[1].axes, testing::ElementsAre("fused_adamw"));
  EXPECT_DOUBLE_EQ(*rows[1].speedup, 3);
}

// Best baseline rate: micro-batch 4 with 8/1 = 8 a second (6 at micro-batch 8).
TEST(Speedup, baseline_out_of_memory_gives_way_to_its_best_rate) {
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 4), {1, 1, 1, 1, 1, 1});
  add_rounds(records, make_cell("pytorch_eager", 8), {4.0 / 3, 4.0 / 3});
  const Cell too_large = make_cell("pytorch_eager", 16);
  records.push_back(make_failed(too_large, 0, Status::kOutOfMemory, "no room"));
  add_rounds(records, make_cell("fused", 16), {0.8, 0.8, 0.8, 0.8, 0.8, 0.8});
  const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].micro_batch, 16);
  EXPECT_EQ(rows[2].baseline.status, Status::kOutOfMemory);
  EXPECT_FALSE(rows[2].baseline.samples_per_second);
  EXPECT_DOUBLE_EQ(*rows[2].speedup, 10.0 / 8);
  EXPECT_FALSE(rows[2].interval);
  EXPECT_EQ(rows[2].basis, SpeedupBasis::kBestBaseline);
}

TEST(Speedup, micro_batches_without_a_candidate_keep_their_baseline) {
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 4), {2});
  const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].candidate.implementation, "");
  EXPECT_DOUBLE_EQ(*rows[0].baseline.samples_per_second, 4);
  EXPECT_FALSE(rows[0].speedup);
}

TEST(Speedup, any_other_failure_of_the_baseline_leaves_no_ratio) {
  for (const Status status : {Status::kCrashed, Status::kTimedOut, Status::kIncorrect,
                              Status::kMistrusted, Status::kSkipped, Status::kUnsupported}) {
    std::vector<Record> records;
    add_rounds(records, make_cell("pytorch_eager", 4), {1});
    records.push_back(make_failed(make_cell("pytorch_eager", 8), 0, status, "why"));
    add_rounds(records, make_cell("fused", 8), {1});
    const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_FALSE(rows[1].speedup);
    EXPECT_FALSE(rows[1].basis);
    EXPECT_EQ(rows[1].baseline.status, status);
  }
}

TEST(Speedup, rounds_without_a_partner_give_no_ratio) {
  const std::vector<SpeedupRow> rows = speedups_of(
      eager_baseline(),
      {make_passed(make_cell("pytorch_eager", 8), 0, 2), make_passed(make_cell("fused", 8), 1, 1)});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].baseline.samples_per_second);
  EXPECT_TRUE(rows[0].candidate.samples_per_second);
  EXPECT_FALSE(rows[0].speedup);
}

TEST(Speedup, rounds_of_a_side_that_disagree_leave_no_ratio) {
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 8), {2, 2, 2, 2, 2, 2});
  add_rounds(records, make_cell("fused", 8), {1, 1, 1, 4, 4, 4});
  const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].candidate.status, Status::kMistrusted);
  EXPECT_FALSE(rows[0].candidate.samples_per_second);
  EXPECT_FALSE(rows[0].speedup);
}

TEST(Speedup, one_failed_round_of_a_side_leaves_no_ratio_but_its_passed_rounds) {
  const Cell baseline = make_cell("pytorch_eager", 8);
  const Cell candidate = make_cell("fused", 8);
  for (const Cell& failing : {baseline, candidate}) {
    std::vector<Record> records;
    add_rounds(records, baseline, {2, 2});
    add_rounds(records, candidate, {1, 1});
    records.push_back(make_failed(failing, 2, Status::kTimedOut, "slow"));
    const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_FALSE(rows[0].speedup);
    EXPECT_FALSE(rows[0].interval);
    EXPECT_FALSE(rows[0].basis);
    const bool baseline_fails = failing == baseline;
    const SpeedupSide& side = baseline_fails ? rows[0].baseline : rows[0].candidate;
    EXPECT_EQ(side.status, Status::kTimedOut);
    EXPECT_EQ(side.reason, "slow");
    EXPECT_EQ(side.rounds.size(), 2U);
    EXPECT_EQ(side.records, 3);
    EXPECT_FALSE(side.samples_per_second);
  }
}

// A baseline that fits now and then is neither beaten at its size nor known not to fit.
TEST(Speedup, a_baseline_out_of_memory_in_some_rounds_gives_no_ratio_to_its_best) {
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 4), {1});
  add_rounds(records, make_cell("pytorch_eager", 8), {1});
  records.push_back(make_failed(make_cell("pytorch_eager", 8), 1, Status::kOutOfMemory, "full"));
  add_rounds(records, make_cell("fused", 8), {1});
  const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].baseline.status, Status::kOutOfMemory);
  EXPECT_FALSE(rows[1].speedup);
}

TEST(Speedup, candidates_are_all_other_implementations_and_flag_sets) {
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 8), {1});
  add_rounds(records, make_cell("pytorch_eager", 8, {"activation_checkpoint"}), {2});
  add_rounds(records, make_cell("pytorch_tuned", 8), {0.5});
  add_rounds(records, make_cell("fused", 8, {"gelu_checkpoint"}), {0.25});
  const std::vector<SpeedupRow> rows = speedups_of(eager_baseline(), records);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].candidate.flags, "activation_checkpoint");
  EXPECT_DOUBLE_EQ(*rows[0].speedup, 0.5);
  EXPECT_DOUBLE_EQ(*rows[1].speedup, 2);
  EXPECT_DOUBLE_EQ(*rows[2].speedup, 4);
}

TEST(Speedup, best_is_the_fastest_passed_reference_at_that_micro_batch) {
  RunInfo info;
  info.baseline = "best";
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 4), {1});
  add_rounds(records, make_cell("pytorch_tuned", 4), {2});
  add_rounds(records, make_cell("fused", 4), {1});
  records.push_back(make_failed(make_cell("pytorch_eager", 8), 0, Status::kOutOfMemory, "full"));
  add_rounds(records, make_cell("pytorch_tuned", 8), {4});
  add_rounds(records, make_cell("fused", 8), {1});
  records.push_back(make_failed(make_cell("pytorch_tuned", 16), 0, Status::kOutOfMemory, "full"));
  records.push_back(make_failed(make_cell("pytorch_eager", 16), 0, Status::kOutOfMemory, "full"));
  add_rounds(records, make_cell("fused", 16), {0.5});
  const std::vector<SpeedupRow> rows = speedups_of(info, records);
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows[1].baseline.implementation, "pytorch_eager");
  EXPECT_EQ(rows[1].candidate.implementation, "fused");
  EXPECT_DOUBLE_EQ(*rows[1].speedup, 1);
  EXPECT_EQ(rows[3].baseline.implementation, "pytorch_tuned");
  EXPECT_DOUBLE_EQ(*rows[3].speedup, 4);
  // 16 a second against the best rate of any reference, eager's 8 at micro-batch 4.
  EXPECT_EQ(rows[5].baseline.implementation, "pytorch_eager");
  EXPECT_EQ(rows[5].candidate.implementation, "fused");
  EXPECT_DOUBLE_EQ(*rows[5].speedup, 2);
  EXPECT_EQ(rows[5].basis, SpeedupBasis::kBestBaseline);
}

TEST(Speedup, best_without_a_passed_reference_is_out_of_memory_only_where_all_are) {
  RunInfo info;
  info.baseline = "best";
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_tuned", 4), {1});
  records.push_back(make_failed(make_cell("pytorch_eager", 8), 0, Status::kOutOfMemory, "full"));
  records.push_back(make_failed(make_cell("pytorch_tuned", 8), 0, Status::kCrashed, "signal 11"));
  add_rounds(records, make_cell("fused", 8), {1});
  const std::vector<SpeedupRow> rows = speedups_of(info, records);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].baseline.status, Status::kCrashed);
  EXPECT_FALSE(rows[2].speedup);
}

TEST(Speedup, baseline_that_the_sweep_left_out_is_out_of_memory_where_the_plan_says_so) {
  RunInfo info = eager_baseline();
  const Cell eager = make_cell("pytorch_eager", 4);
  info.plans = {make_plan(eager, kGiB), make_plan(make_cell("fused", 4), kGiB),
                make_plan(make_cell("fused", 8), kGiB), make_plan(make_cell("fused", 5), kGiB)};
  info.fits = {make_fit(eager, 2 * kGiB, 1, 6, kGiB)};
  std::vector<Record> records;
  add_rounds(records, eager, {1});
  add_rounds(records, make_cell("fused", 4), {1});
  add_rounds(records, make_cell("fused", 8), {0.5});
  add_rounds(records, make_cell("fused", 5), {0.5});
  const std::vector<SpeedupRow> rows = speedups_of(info, records);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1].micro_batch, 5);
  EXPECT_FALSE(rows[1].baseline.status);
  EXPECT_FALSE(rows[1].speedup);
  EXPECT_EQ(rows[2].baseline.status, Status::kOutOfMemory);
  EXPECT_DOUBLE_EQ(*rows[2].speedup, 2);
}

TEST(Speedup, a_baseline_that_only_has_a_plan_is_out_of_memory_with_its_planned_peak) {
  RunInfo info = eager_baseline();
  const Cell eager = make_cell("pytorch_eager", 4);
  info.plans = {make_plan(eager, kGiB), make_plan(make_cell("pytorch_eager", 8), 3 * kGiB),
                make_plan(make_cell("pytorch_eager", 6), 2 * kGiB),
                make_plan(make_cell("fused", 8), kGiB)};
  info.fits = {make_fit(eager, 2 * kGiB, 1, 6, kGiB)};
  std::vector<Record> records;
  records.push_back(make_passed(eager, 0, 1, 8, kGiB + 1));
  add_rounds(records, make_cell("fused", 8), {0.5});
  const std::vector<SpeedupRow> rows = speedups_of(info, records);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].baseline.peak_bytes, kGiB + 1);
  EXPECT_FALSE(rows[0].baseline.peak_is_planned);
  EXPECT_FALSE(rows[1].baseline.status);  // fits, and was not run
  EXPECT_TRUE(rows[1].baseline.peak_is_planned);
  EXPECT_EQ(rows[2].baseline.status, Status::kOutOfMemory);
  EXPECT_EQ(rows[2].baseline.reason, "not run: over the memory limit by the plan");
  EXPECT_EQ(rows[2].baseline.peak_bytes, 3 * kGiB);
  EXPECT_TRUE(rows[2].baseline.peak_is_planned);
  EXPECT_EQ(rows[2].basis, SpeedupBasis::kBestBaseline);
  EXPECT_DOUBLE_EQ(*rows[2].speedup, 2);
}

TEST(Speedup, groups_do_not_mix) {
  RunInfo info = eager_baseline();
  info.axes = {"precision", "micro_batch"};
  std::vector<Record> records;
  add_rounds(records, make_cell("pytorch_eager", 4, {}, "fp32"), {4});
  add_rounds(records, make_cell("fused", 4, {}, "fp32"), {1});
  add_rounds(records, make_cell("pytorch_eager", 4, {}, "bf16"), {3});
  add_rounds(records, make_cell("fused", 4, {}, "bf16"), {1});
  const std::vector<SpeedupRow> rows = speedups_of(info, records);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].axes, std::vector<std::string>{"fp32"});
  EXPECT_DOUBLE_EQ(*rows[0].speedup, 4);
  EXPECT_DOUBLE_EQ(*rows[1].speedup, 3);
}

/// Every published × of a file, from its samples/second, to one decimal; and as printed.
void expect_published(const std::string& file, const std::vector<double>& expected) {
  const PublishedTables tables =
      read_published(std::string(BENCH_SOURCE_DIR) + "/sweeps/published/" + file);
  std::vector<double> printed;
  for (const PublishedSpeedup& line : tables.speedups) printed.push_back(line.speedup.value());
  std::vector<double> derived;
  for (const ComparisonGroup& group : compare_published(tables)) {
    for (const SpeedupRow& row : derive_speedups(group)) {
      derived.push_back(std::round(10 * row.speedup.value()) / 10);
    }
  }
  EXPECT_EQ(derived, expected);
  EXPECT_EQ(printed, expected);
}

TEST(Speedup, derives_every_published_ratio_from_the_published_rates) {
  expect_published("deepspeed_v100_16g.csv", {1.4, 1.5, 1.5});
  expect_published("deepspeed_v100_32g.csv", {1.3, 1.3, 1.2, 1.2, 1.3});
}

}  // namespace
}  // namespace harness
