#include "harness/analysis/gate_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

using ::testing::ElementsAre;

/// Ten rounds of each cell, the micro-batch of which stands before its seconds.
std::vector<CellGroup> run_of(const std::vector<std::pair<int64_t, double>>& cells) {
  std::vector<Record> records;
  for (const auto& [micro_batch, seconds] : cells) {
    for (int64_t round = 0; round < 10; ++round) {
      records.push_back(make_passed(make_cell("fused", micro_batch), round, seconds, 8, kMiB));
    }
  }
  return summarize_cells({}, records, flag_catalog());
}

std::vector<CellVerdict> judge(const std::vector<CellGroup>& before,
                               const std::vector<CellGroup>& after) {
  const auto budget = [](const Cell& cell) {
    return GateBudget{cell.micro_batch == 4 ? 0.2 : 0.03, 0.005};
  };
  return judge_gate(before, after, budget, GateAgainst::kWorker);
}

std::vector<Verdict> verdicts(const std::vector<CellVerdict>& cells) {
  std::vector<Verdict> result;
  for (const CellVerdict& cell : cells) result.push_back(cell.verdict);
  return result;
}

GateResult result_of(const std::vector<Verdict>& of_cells) {
  GateResult result;
  for (const Verdict verdict : of_cells) result.cells.emplace_back().verdict = verdict;
  return result;
}

TEST(GateResult, pairs_cells_by_their_axes_and_judges_each_by_its_own_budget) {
  const auto cells =
      judge(run_of({{4, 1}, {8, 1}, {16, 1}}), run_of({{16, 1}, {4, 1.1}, {8, 1.1}}));
  EXPECT_THAT(verdicts(cells), ElementsAre(Verdict::kPassed, Verdict::kPassed, Verdict::kFailed));
  EXPECT_EQ(cells[1].cell.micro_batch, 4);
}

TEST(GateResult, cells_of_one_side_alone_are_there_too) {
  const auto cells = judge(run_of({{2, 1}, {8, 1}}), run_of({{8, 1}, {16, 1}}));
  EXPECT_THAT(verdicts(cells),
              ElementsAre(Verdict::kPassed, Verdict::kInconclusive, Verdict::kInconclusive));
  EXPECT_EQ(cells[1].cell.micro_batch, 16);
  EXPECT_EQ(cells[2].cell.micro_batch, 2);
}

TEST(GateResult, a_planned_cell_without_a_record_is_no_cell_of_the_gate) {
  RunInfo info;
  info.plans = {make_plan(make_cell("fused", 4), kMiB)};
  EXPECT_THAT(judge(summarize_cells(info, {}, flag_catalog()), {}), testing::IsEmpty());
}

TEST(GateResult, the_gravest_cell_is_the_verdict) {
  using enum Verdict;
  EXPECT_EQ(result_of({}).verdict(), kSkipped);
  EXPECT_EQ(result_of({kSkipped, kPassed}).verdict(), kPassed);
  EXPECT_EQ(result_of({kPassed, kImproved}).verdict(), kImproved);
  EXPECT_EQ(result_of({kImproved, kInconclusive, kPassed}).verdict(), kInconclusive);
  EXPECT_EQ(result_of({kInconclusive, kFailed, kPassed}).verdict(), kFailed);
  EXPECT_EQ(result_of({kFailed, kPassed, kFailed}).count(kFailed), 2);
}

TEST(GateResult, a_second_measurement_takes_the_place_of_its_own_cell) {
  GateResult result;
  result.cells = judge(run_of({{8, 1}, {16, 1}}), run_of({{8, 1.1}, {16, 1.1}}));
  confirm(result, judge(run_of({{16, 1}}), run_of({{16, 1}})));
  EXPECT_THAT(verdicts(result.cells), ElementsAre(Verdict::kFailed, Verdict::kPassed));
  EXPECT_FALSE(result.cells[0].first_time);
  EXPECT_DOUBLE_EQ(result.cells[1].first_time->ratio, 1.1);
}

}  // namespace
}  // namespace harness
