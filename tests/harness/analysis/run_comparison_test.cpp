#include "harness/analysis/run_comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

RunComparison compare(const std::vector<Record>& before, const std::vector<Record>& after,
                      const std::vector<std::string>& before_axes = {},
                      const std::vector<std::string>& after_axes = {}, bool forced = false) {
  RunInfo before_info;
  before_info.axes = before_axes;
  RunInfo after_info;
  after_info.axes = after_axes;
  return compare_runs(before_info, summarize_cells(before_info, before, flag_catalog()), after_info,
                      summarize_cells(after_info, after, flag_catalog()), forced);
}

Record passed(int64_t micro_batch, double seconds, int64_t peak_bytes = kMiB) {
  return make_passed(make_cell("fused", micro_batch), 0, seconds, 8, peak_bytes);
}

TEST(RunComparison, a_cell_of_both_runs_has_a_speedup_and_both_peaks) {
  const RunComparison comparison = compare({passed(8, 2)}, {passed(8, 1, 2 * kMiB)});
  ASSERT_EQ(comparison.cells.size(), 1U);
  EXPECT_DOUBLE_EQ(*comparison.cells[0].speedup(), 2);
  EXPECT_EQ(comparison.cells[0].before_peak_bytes, kMiB);
  EXPECT_EQ(comparison.cells[0].after_peak_bytes, 2 * kMiB);
}

TEST(RunComparison, cells_of_one_run_alone_are_new_or_lost) {
  const RunComparison comparison =
      compare({passed(4, 1), passed(8, 1)}, {passed(8, 1), passed(16, 1)});
  ASSERT_EQ(comparison.fresh.size(), 1U);
  EXPECT_EQ(comparison.fresh[0].micro_batch, 16);
  ASSERT_EQ(comparison.lost.size(), 1U);
  EXPECT_EQ(comparison.lost[0].micro_batch, 4);
}

// 2, 1/2 and 8: the cube root of 8.
TEST(RunComparison, the_mean_is_geometric_and_counts_what_is_in_it) {
  const RunComparison comparison =
      compare({passed(1, 2), passed(2, 1), passed(4, 8),
               make_failed(make_cell("fused", 8), 0, Status::kOutOfMemory, "why")},
              {passed(1, 1), passed(2, 2), passed(4, 1), passed(8, 1)});
  EXPECT_DOUBLE_EQ(*comparison.mean_speedup(), 2);
  EXPECT_EQ(comparison.compared(), 3);
  EXPECT_EQ(comparison.cells.size(), 4U);
  EXPECT_FALSE(comparison.cells[3].speedup());
  EXPECT_EQ(comparison.cells[3].before_status, Status::kOutOfMemory);
  EXPECT_FALSE(compare({}, {}).mean_speedup());
}

TEST(RunComparison, a_cell_that_differs_in_more_than_the_build_has_no_speedup) {
  Record other = passed(8, 1);
  other.cell.measure.threads = 4;
  const RunComparison comparison = compare({passed(8, 2)}, {other});
  EXPECT_EQ(comparison.cells[0].difference, "measure.threads");
  EXPECT_FALSE(comparison.cells[0].speedup());
  EXPECT_EQ(compare({passed(8, 2)}, {other}, {}, {}, true).cells[0].speedup(), 2);
}

TEST(RunComparison, has_the_axes_of_both_runs_each_once) {
  EXPECT_THAT(compare({}, {}, {"precision", "layers"}, {"precision", "optimizer"}).axes,
              testing::ElementsAre("precision", "optimizer", "layers"));
}

}  // namespace
}  // namespace harness
