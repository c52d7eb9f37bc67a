#include "reports/headline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"
#include "tests/reports/sample_run.h"

namespace reports {
namespace {

using harness::FlagCost;
using harness::SpeedupRow;
using harness::Status;

SpeedupRow make_row(const std::string& candidate, int64_t micro_batch, const std::string& flags,
                    std::optional<Status> status, std::optional<double> rate = std::nullopt) {
  SpeedupRow row;
  row.micro_batch = micro_batch;
  row.candidate.implementation = candidate;
  row.candidate.flags = flags;
  row.candidate.status = status;
  row.candidate.samples_per_second = rate;
  return row;
}

/// "micro-batch candidate flags" of every row.
std::vector<std::string> rows_of(const std::vector<SpeedupRow>& speedups) {
  harness::RunAnalysis analysis;
  analysis.speedups = speedups;
  std::vector<std::string> texts;
  for (const HeadlineTable& table : headline_tables({}, analysis)) {
    for (const HeadlineRow& row : table.rows) {
      texts.push_back(std::to_string(row.measured.micro_batch) + " " +
                      row.measured.candidate.implementation + " " + row.measured.candidate.flags);
    }
  }
  return texts;
}

TEST(Headline, the_cheapest_passed_flag_set_stands_for_its_implementation_however_fast_others_are) {
  EXPECT_THAT(rows_of({make_row("fused", 8, "none", Status::kPassed, 4),
                       make_row("tuned", 8, "none", Status::kPassed, 9),
                       make_row("fused", 8, "a", Status::kPassed, 5),
                       make_row("fused", 8, "b", Status::kIncorrect),
                       make_row("fused", 12, "none", Status::kOutOfMemory),
                       make_row("fused", 12, "a", Status::kPassed, 1)}),
              testing::ElementsAre("8 fused none", "8 tuned none", "12 fused a"));
}

TEST(Headline, a_set_that_was_run_and_failed_stands_before_one_that_was_not_run) {
  for (const Status failed : {Status::kMistrusted, Status::kIncorrect, Status::kCrashed}) {
    EXPECT_THAT(rows_of({make_row("fused", 8, "none", std::nullopt),
                         make_row("fused", 8, "a", Status::kOutOfMemory),
                         make_row("fused", 8, "b", failed)}),
                testing::ElementsAre("8 fused b"));
  }
}

TEST(Headline, without_a_passed_set_the_first_that_is_not_out_of_memory_stands) {
  EXPECT_THAT(rows_of({make_row("fused", 8, "none", Status::kOutOfMemory),
                       make_row("fused", 8, "a", Status::kUnsupported),
                       make_row("fused", 8, "b", Status::kUnsupported)}),
              testing::ElementsAre("8 fused a"));
}

/// Rounds of a row that take these seconds a sequence.
SpeedupRow timed_row(const std::string& flags, const std::vector<double>& seconds,
                     const std::string& work = "") {
  SpeedupRow row = make_row("fused", 8, flags, Status::kPassed, 1 / seconds.front());
  row.candidate.work = work;
  for (const double value : seconds) {
    row.candidate.rounds.push_back({static_cast<int64_t>(row.candidate.rounds.size()), value});
  }
  return row;
}

TEST(Headline, a_set_that_its_rounds_prove_faster_stands_too_and_only_the_fastest) {
  EXPECT_THAT(rows_of({timed_row("none", {4, 4, 4, 4, 4, 4}), timed_row("a", {3, 3, 3, 3, 3, 3}),
                       timed_row("b", {2, 2, 2, 2, 2, 3.9}),
                       timed_row("one round is slower", {1, 1, 1, 1, 1, 4.1}),
                       timed_row("too few rounds", {1, 1, 1})}),
              testing::ElementsAre("8 fused none", "8 fused b"));
}

TEST(Headline, what_computes_something_else_has_rows_of_its_own_after_the_others) {
  const std::vector<SpeedupRow> speedups = {
      timed_row("p", {1, 1, 1, 1, 1, 1}, "without padding"), timed_row("none", {4, 4, 4, 4, 4, 4}),
      timed_row("a", {3, 3, 3, 3, 3, 3}),
      timed_row("a+p", {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, "without padding"),
      make_row("other", 8, "none", Status::kPassed, 1)};
  EXPECT_THAT(rows_of(speedups), testing::ElementsAre("8 fused none", "8 fused a", "8 fused p",
                                                      "8 fused a+p", "8 other none"));
}

TEST(Headline, published_lines_stand_only_beside_what_computes_the_same) {
  SampleRun run = planned_run();
  harness::RunAnalysis analysis;
  analysis.speedups = {make_row("fused", 4, "none", Status::kPassed, 1),
                       make_row("fused", 4, "p", Status::kPassed, 2)};
  analysis.speedups[1].candidate.work = "without padding";
  const std::vector<HeadlineTable> tables = headline_tables(run.info, analysis);
  ASSERT_EQ(tables.at(0).rows.size(), 2U);
  EXPECT_TRUE(tables[0].rows[0].published);
  EXPECT_FALSE(tables[0].rows[1].published);
  EXPECT_TRUE(any_other_work(tables));
}

TEST(Headline, published_lines_stand_beside_candidates_of_the_devices_limit) {
  SampleRun run = planned_run();
  run.info.plans.push_back(harness::make_plan(run.info.plans[0].cell, 1));
  run.info.plans.back().cell.implementation = "pytorch_tuned";
  const harness::RunAnalysis analysis =
      harness::analyze_run(run.info, run.records, harness::flag_catalog());
  const std::vector<HeadlineTable> tables = headline_tables(run.info, analysis);
  ASSERT_EQ(tables.size(), 1U);
  ASSERT_EQ(tables[0].rows.size(), 3U);
  EXPECT_EQ(tables[0].rows[0].measured.candidate.implementation, "fused");
  EXPECT_EQ(tables[0].rows[0].published.value().candidate_samples_per_second, 50.82);
  EXPECT_FALSE(tables[0].rows[1].published);
  EXPECT_EQ(tables[0].rows[2].published.value().candidate_samples_per_second, 60.70);
}

TEST(Headline, published_requirements_meet_the_plan_of_the_same_range) {
  const SampleRun run = planned_run();
  const auto rows = compare_requirements(
      run.info, harness::analyze_run(run.info, run.records, harness::flag_catalog()));
  const std::string all = "normalize_invertible+gelu_checkpoint+attn_dropout_checkpoint";
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].from, 5);
  EXPECT_EQ(rows[0].to, 12);
  EXPECT_EQ(rows[0].published, "normalize_invertible");
  EXPECT_THAT(rows[0].planned, testing::ElementsAre("5-9: none", "10-12: " + all));
  EXPECT_EQ(rows[1].published, "OOM");
  EXPECT_THAT(rows[1].planned, testing::ElementsAre("13-14: " + all, "15 and more: OOM"));
  EXPECT_THAT(rows[2].planned, testing::ElementsAre("none"));
  EXPECT_FALSE(rows[3].to);
}

TEST(Headline, one_cost_stands_for_each_flag_set_the_largest_that_was_timed) {
  harness::RunAnalysis analysis;
  const auto add = [&](const std::string& flags, int64_t micro_batch, std::optional<double> time) {
    FlagCost& cost = analysis.costs.emplace_back();
    cost.implementation = "fused";
    cost.flags = flags;
    cost.micro_batch = micro_batch;
    cost.time_cost_percent = time;
  };
  add("a", 4, 1.0);
  add("b", 4, std::nullopt);
  add("a", 8, 2.0);
  add("a", 12, std::nullopt);
  add("b", 8, std::nullopt);
  const std::vector<FlagCost> costs = headline_costs(analysis);
  ASSERT_EQ(costs.size(), 2U);
  EXPECT_EQ(costs[0].micro_batch, 8);
  EXPECT_EQ(costs[0].time_cost_percent, 2.0);
  EXPECT_EQ(costs[1].flags, "b");
  EXPECT_EQ(costs[1].micro_batch, 8);
}

}  // namespace
}  // namespace reports
