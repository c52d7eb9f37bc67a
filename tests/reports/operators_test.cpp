#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/csv_writer.h"
#include "reports/markdown_operators.h"
#include "reports/operators_table.h"
#include "tests/harness/analysis/run_builder.h"

namespace reports {
namespace {

using namespace harness;
using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kAxes = {"precision"};

/// A step of 500 ms on a machine of 100 GFLOP/s that copies 50 GB/s: a product, what stands
/// outside of operators, and `others` small operators.
std::vector<TracedCell> traced_cells(int others) {
  StepTrace step;
  step.step_seconds = 0.5;
  step.threads = 2;
  step.peaks = {100e9, std::nullopt, std::nullopt, 50e9};
  step.operators = {{"aten::mm", "backward", "fp32", 6, 0.25, 20'000'000'000, 1 << 20},
                    {kOutsideOperators, "forward", "", 2, 0.125, 0, 0}};
  for (int i = 0; i < others; ++i) {
    step.operators.push_back({"own::op" + std::to_string(i), "forward", "fp32", 2, 0.001, 0, 0});
  }
  RunInfo info;
  info.axes = {"implementation", "precision"};
  info.traces = {{make_cell("fused", 4, {"gelu_checkpoint"}), "trace/a.json", "", step},
                 {make_cell("pytorch_eager", 4), "trace/b.json", "died, \"alone\"", std::nullopt}};
  return rank_operators(info);
}

TEST(OperatorsCsv, has_a_row_an_operator_and_one_for_a_failed_trace) {
  EXPECT_EQ(csv_text(operators_table(traced_cells(0), kAxes)),
            "precision,implementation,flags,micro_batch,trace,failure,operator,phase,"
            "operator_precision,calls,self_seconds,step_share,flops,peak_share,bytes,copy_share\r\n"
            "fp32,fused,gelu_checkpoint,4,trace/a.json,,aten::mm,backward,fp32,6,0.25,0.5,"
            "20000000000,0.8,1048576,8.38861e-05\r\n"
            "fp32,fused,gelu_checkpoint,4,trace/a.json,,(between operators),forward,,2,0.125,0.25,"
            "0,,0,\r\n"
            "fp32,pytorch_eager,none,4,trace/b.json,\"died, \"\"alone\"\"\",,,,,,,,,,\r\n");
}

TEST(MarkdownOperators, shows_time_work_and_shares_of_the_peaks) {
  const auto text = operator_section(traced_cells(0), kAxes);
  EXPECT_THAT(text, ::testing::StartsWith("## Operators by time\n\n"));
  EXPECT_THAT(text,
              HasSubstr("### precision fp32, fused, flags gelu_checkpoint, micro-batch 4\n\n"
                        "Step 500.00 ms, 2 threads. Peaks: 100.0 GFLOP/s in fp32, copy 50.0 GB/s. "
                        "Trace: `trace/a.json`.\n\n"
                        "| operator | phase | precision | calls | ms | % of step | GFLOP | "
                        "% of peak | MiB | % of copy |\n"));
  EXPECT_THAT(text, HasSubstr("| aten::mm | backward | fp32 | 6 | 250.00 | 50.0 | 20.000 | 80.0 | "
                              "1.0 | 0.0 |\n"
                              "| (between operators) | forward |  | 2 | 125.00 | 25.0 |  |  |  |  |"
                              "\n"));
}

TEST(MarkdownOperators, of_cells_that_play_a_cuda_graph_it_says_that_the_trace_does_not) {
  const std::string word = "play their passes from a CUDA graph, the traced step does not";
  auto cells = traced_cells(0);
  EXPECT_THAT(operator_section(cells, kAxes), Not(HasSubstr(word)));
  cells.front().cell.measure.cuda_graph = true;
  EXPECT_THAT(operator_section(cells, kAxes), HasSubstr(word));
}

TEST(MarkdownOperators, on_cuda_the_step_is_the_device_s_and_gaps_are_rows) {
  StepTrace step;
  step.step_seconds = 0.01;
  step.threads = 16;
  step.peaks = {50e12, 800e12, 700e12, 3e12};
  step.operators = {{"fused::gemm_nt", "forward", "fp16", 4, 0.008, 2'800'000'000'000, 3 << 20},
                    {kDeviceIdle, "optimizer", "", 7, 0.002, 0, 0}};
  auto cell = make_cell("fused", 4, {}, "fp16");
  cell.device.kind = "cuda";
  RunInfo info;
  info.axes = {"implementation", "precision"};
  info.traces = {{cell, "trace/a.json", "", step}};
  const auto text = operator_section(rank_operators(info), kAxes);
  EXPECT_THAT(text, HasSubstr("On CUDA the step is the device's"));
  EXPECT_THAT(text,
              HasSubstr("Step 10.00 ms of the device. Peaks: 50000.0 GFLOP/s in fp32, 800000.0 in "
                        "bf16, 700000.0 in fp16, copy 3000.0 GB/s. Trace: `trace/a.json`.\n\n"));
  EXPECT_THAT(text, HasSubstr("| fused::gemm_nt | forward | fp16 | 4 | 8.00 | 80.0 | 2800.000 | "
                              "50.0 | 3.0 | 0.0 |\n"
                              "| (device idle) | optimizer |  | 7 | 2.00 | 20.0 |  |  |  |  |\n"));
  EXPECT_THAT(operator_section(traced_cells(0), kAxes), Not(HasSubstr("On CUDA")));
}

TEST(MarkdownOperators, a_failed_trace_is_a_clear_line) {
  EXPECT_THAT(operator_section(traced_cells(0), kAxes),
              HasSubstr("**No trace of precision fp32, pytorch_eager, flags none, micro-batch 4: "
                        "died, \"alone\".**\n\n"));
}

TEST(MarkdownOperators, sums_up_what_it_does_not_show) {
  const auto text = operator_section(traced_cells(21), kAxes);
  EXPECT_THAT(text, HasSubstr("| own::op17 |"));
  EXPECT_THAT(text, Not(HasSubstr("| own::op18 |")));
  EXPECT_THAT(text, HasSubstr("| 3 others |  |  | 6 | 3.00 | 0.6 |  |  |  |  |\n"));
}

TEST(MarkdownOperators, is_no_section_without_traces) {
  EXPECT_EQ(operator_section({}, kAxes), "");
}

}  // namespace
}  // namespace reports
