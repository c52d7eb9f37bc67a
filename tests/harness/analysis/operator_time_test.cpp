#include "harness/analysis/operator_time.h"

#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

/// A step of 2 s on a machine of 100 FLOP/s in fp32, 400 in bf16, that copies 50 bytes/s.
RunInfo traced_run() {
  StepTrace step;
  step.step_seconds = 2;
  step.threads = 2;
  step.peaks = {100, 400, std::nullopt, 50};
  step.operators = {{kOutsideOperators, "", "", 1, 0.5, 0, 0},
                    {"aten::mm", "forward", "fp32", 2, 0.25, 20, 5},
                    {"aten::mm", "backward", "bf16", 2, 1, 100, 0},
                    {"aten::mm", "forward", "fp64", 1, 0.25, 20, 0},
                    {"aten::view", "forward", "fp32", 9, 0, 0, 1}};
  RunInfo info;
  info.axes = {"implementation", "precision", "micro_batch"};
  info.traces = {{make_cell("fused", 4, {}, "bf16"), "trace/a.json", "", step},
                 {make_cell("fused", 8), "trace/b.json", "it crashed", std::nullopt}};
  return info;
}

TEST(OperatorTime, rows_come_by_falling_time) {
  const auto cells = rank_operators(traced_run());
  ASSERT_EQ(cells.size(), 2U);
  ASSERT_EQ(cells[0].rows.size(), 5U);
  EXPECT_EQ(cells[0].rows[0].time.phase, "backward");
  EXPECT_EQ(cells[0].rows[1].time.name, kOutsideOperators);
  EXPECT_EQ(cells[0].rows[2].time.precision, "fp32");
  EXPECT_EQ(cells[0].rows[3].time.precision, "fp64");
  EXPECT_EQ(cells[0].rows[4].time.name, "aten::view");
  EXPECT_EQ(cells[0].axes, std::vector<std::string>{"bf16"});
  EXPECT_EQ(cells[0].file, "trace/a.json");
}

TEST(OperatorTime, shares_are_of_the_step_of_the_precision_s_peak_and_of_a_copy) {
  const auto rows = rank_operators(traced_run())[0].rows;
  EXPECT_DOUBLE_EQ(rows[0].step_share, 0.5);
  EXPECT_DOUBLE_EQ(rows[0].peak_share.value(), 0.25);  // 100 FLOP/s of 400
  EXPECT_FALSE(rows[0].copy_share.has_value());
  EXPECT_DOUBLE_EQ(rows[2].peak_share.value(), 0.8);  // 80 FLOP/s of 100
  EXPECT_DOUBLE_EQ(rows[2].copy_share.value(), 0.4);  // 20 bytes/s of 50
  EXPECT_FALSE(rows[1].peak_share.has_value()) << "no FLOPs";
  EXPECT_FALSE(rows[3].peak_share.has_value()) << "no peak in fp64";
  EXPECT_FALSE(rows[4].copy_share.has_value()) << "no time";
}

TEST(OperatorTime, bf16_is_measured_by_fp32_where_the_machine_has_no_dot_products) {
  EXPECT_EQ(peak_of({100, std::nullopt, std::nullopt, 50}, "bf16"), 100);
  EXPECT_EQ(peak_of({100, 400, std::nullopt, 50}, "bf16"), 400);
}

TEST(OperatorTime, fp16_is_measured_by_its_own_peak_alone) {
  EXPECT_EQ(peak_of({100, 400, 500, 50}, "fp16"), 500);
  EXPECT_EQ(peak_of({100, 400, std::nullopt, 50}, "fp16"), std::nullopt);
}

TEST(OperatorTime, a_failed_trace_keeps_its_reason_and_has_no_rows) {
  const auto cells = rank_operators(traced_run());
  EXPECT_EQ(cells[1].failure, "it crashed");
  EXPECT_TRUE(cells[1].rows.empty());
}

}  // namespace
}  // namespace harness
