#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/html/bar_plots.h"
#include "reports/html/cell_series.h"
#include "tests/harness/analysis/run_builder.h"
#include "tests/reports/sample_run.h"

namespace reports {
namespace {

using namespace harness;
using nlohmann::json;

json series_of(const SampleRun& run) {
  return cell_series(run.info, analyze_run(run.info, run.records, flag_catalog()));
}

const json& line(const json& group, const std::string& label) {
  const json& series = group.at("series");
  return *std::find_if(series.begin(), series.end(),
                       [&](const json& candidate) { return candidate.at("label") == label; });
}

// fused without flags in fp32: 8 sequences in 2, 2.1, 2, 1.6, 2 and 2.5 s at micro-batch 4, so
// 4/s of 3.2 to 5; 12 at micro-batch 12 are out of memory by the plan, 2500 MiB of 2048.
TEST(CellSeries, a_line_has_the_rates_intervals_and_peaks_of_its_cells) {
  const json data = series_of(measured_run());
  const json& group = data.at("groups").at(0);
  EXPECT_EQ(group.at("title"), "precision fp32");
  const json& points = line(group, "fused").at("points");
  ASSERT_EQ(points.size(), 3U);
  EXPECT_EQ(points[0].at("micro_batch"), 4);
  EXPECT_DOUBLE_EQ(points[0].at("rate"), 4);
  EXPECT_DOUBLE_EQ(points[0].at("low"), 3.2);
  EXPECT_DOUBLE_EQ(points[0].at("high"), 5);
  EXPECT_EQ(points[0].at("peak"), 908 * kMiB);
  EXPECT_EQ(points[0].at("planned"), false);
  EXPECT_EQ(points[2].at("micro_batch"), 12);
  EXPECT_TRUE(points[2].at("rate").is_null());
  EXPECT_EQ(points[2].at("status"), "OOM");
  EXPECT_EQ(points[2].at("peak"), 2500 * kMiB);
  EXPECT_EQ(points[2].at("planned"), true);
}

TEST(CellSeries, a_cell_that_did_not_pass_as_a_whole_has_no_rate) {
  const json data = series_of(measured_run());
  const json& point = line(data.at("groups").at(0), "pytorch_tuned").at("points").at(0);
  EXPECT_EQ(point.at("status"), "timed_out");
  EXPECT_TRUE(point.at("rate").is_null());
  EXPECT_TRUE(point.at("low").is_null());
}

TEST(CellSeries, limits_are_the_devices_and_the_tables_with_where_each_line_ends) {
  const json data = series_of(measured_run());
  EXPECT_EQ(data.at("limits"), json::parse(R"([{"bytes": 1073741824, "text": "1 GiB"},
                                               {"bytes": 2147483648, "text": "2 GiB"}])"));
  EXPECT_EQ(line(data.at("groups").at(0), "fused").at("ends"),
            json({{{"limit", kGiB}, {"micro_batch", 4}, {"peak", 900 * kMiB}},
                  {{"limit", 2 * kGiB}, {"micro_batch", 9}, {"peak", 1900 * kMiB}}}));
}

TEST(CellSeries, numbers_cells_through_all_groups_and_labels_other_work) {
  const json data = series_of(two_optimizers_run());
  std::vector<int> numbers;
  for (const json& group : data.at("groups")) {
    for (const json& series : group.at("series")) {
      for (const json& point : series.at("points")) numbers.push_back(point.at("cell"));
    }
  }
  EXPECT_THAT(numbers, testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
  const json& group = data.at("groups").at(0);
  EXPECT_EQ(line(group, "fused, without padding, remove_padding").at("headline"), true);
  EXPECT_EQ(line(group, "fused, normalize_invertible").at("headline"), false);
}

TEST(CellSeries, a_run_without_cells_has_none) {
  EXPECT_EQ(series_of({}), json::parse(R"({"limits": [], "groups": []})"));
}

// gelu_checkpoint at micro-batch 4: 2, 2, 2, 4, 4, 4.4 s over 2, 2.1, 2, 1.6, 2, 2.5 s.
TEST(FlagLadder, a_rung_for_every_flag_set_of_the_headline) {
  const SampleRun run = measured_run();
  const json rungs = flag_ladder(analyze_run(run.info, run.records, flag_catalog()));
  ASSERT_EQ(rungs.size(), 2U);
  EXPECT_EQ(rungs[1].at("label"), "precision fp32, fused, normalize_invertible, micro-batch 8");
  EXPECT_NEAR(rungs[1].at("time_cost_percent").get<double>(), 5, 1e-9);  // 1.68 s over 1.6 s
  EXPECT_EQ(rungs[1].at("freed_bytes"), 200 * kMiB);
}

TEST(OperatorBars, name_what_takes_most_and_add_up_the_rest) {
  TracedCell cell;
  cell.cell = make_cell("fused", 4);
  for (int i = 0; i < 9; ++i) {
    OperatorRow row;
    row.time.name = "op" + std::to_string(i);
    row.time.self_seconds = 9 - i;
    cell.rows.push_back(row);
  }
  TracedCell failed;
  failed.cell = make_cell("pytorch_eager", 4);
  failed.failure = "died";
  const json data = operator_bars({cell, failed}, {});
  EXPECT_THAT(data.at("operators"),
              testing::ElementsAre("op0", "op1", "op2", "op3", "op4", "op5", "op6", "all others"));
  ASSERT_EQ(data.at("bars").size(), 1U);
  EXPECT_EQ(data.at("bars")[0].at("label"), "fused, none, micro-batch 4");
  EXPECT_EQ(data.at("bars")[0].at("seconds"), json({9., 8., 7., 6., 5., 4., 3., 3.}));
}

}  // namespace
}  // namespace reports
