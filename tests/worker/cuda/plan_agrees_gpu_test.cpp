// Planned against measured memory on a CUDA device: CTest's label gpu.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "tests/worker/cuda/gpu_cells.h"
#include "worker/measure/measure_cell.h"
#include "worker/plan/plan_cell.h"

namespace worker {
namespace {

constexpr double kMostError = 0.02;

void expect_plan_agrees(const harness::Cell& cell) {
  const auto registry = apps::registry();
  const auto plan = plan_cell(cell, registry);
  ASSERT_TRUE(plan.footprint.has_value()) << plan.unsupported_reason;
  auto record = measure_cell({cell, 0, ""}, registry);
  ASSERT_EQ(record.status, harness::Status::kPassed) << record.reason;
  record.memory.planned = plan.footprint;
  const auto error = record.memory.plan_error().value();
  const auto& measured = *record.memory.measured;
  const auto message = fmt::format(
      "allocated: {} planned, {} measured, {:+.2f} %; reserved: {} planned, {} measured, {:+.2f} %",
      plan.footprint->peak_bytes, measured.peak_bytes, 100 * error.peak,
      *plan.footprint->reserved_bytes, *measured.reserved_bytes, 100 * error.reserved.value());
  EXPECT_LE(error.largest(), kMostError) << message;
  EXPECT_EQ(measured.at_peak.total(), measured.peak_bytes);
  EXPECT_EQ(record.samples.size(), static_cast<size_t>(cell.measure.steps));
  EXPECT_FALSE(record.environment.at("gpu").at("name").empty());
}

TEST(PlanOnGpu, agrees_for_pytorch_eager) {
  expect_plan_agrees(gpu_cell("pytorch_eager"));
}
TEST(PlanOnGpu, agrees_for_pytorch_tuned) {
  expect_plan_agrees(gpu_cell("pytorch_tuned"));
}
TEST(PlanOnGpu, agrees_for_fused_without_flags) {
  expect_plan_agrees(gpu_cell("fused"));
}
TEST(PlanOnGpu, agrees_for_normalize_invertible_with_gelu_checkpoint) {
  expect_plan_agrees(gpu_cell("fused", {"normalize_invertible", "gelu_checkpoint"}));
}
TEST(PlanOnGpu, agrees_for_flash_attention) {
  expect_plan_agrees(gpu_cell("fused", {"flash_attention"}));
}
TEST(PlanOnGpu, agrees_for_remove_padding) {
  expect_plan_agrees(gpu_cell("fused", {"remove_padding"}));
}
TEST(PlanOnGpu, agrees_in_fp32_with_several_micro_batches_and_the_fused_optimizer) {
  auto cell = gpu_cell("fused");
  cell.precision = "fp32";
  cell.optimizer = "fused_adamw";
  cell.micro_batch = 8;
  expect_plan_agrees(cell);
}
TEST(PlanOnGpu, agrees_in_fp16_with_pre_layer_norm) {
  auto cell = gpu_cell("fused");
  cell.precision = "fp16";
  cell.model.layer_norm = "pre";
  expect_plan_agrees(cell);
}

}  // namespace
}  // namespace worker
