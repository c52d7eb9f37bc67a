// Memory limits on a CUDA device: CTest's label gpu.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/registry.h"
#include "tests/worker/cuda/gpu_cells.h"
#include "worker/measure/measure_cell.h"
#include "worker/plan/plan_cell.h"

namespace worker {
namespace {

using testing::HasSubstr;

constexpr int64_t kLayers = 4;

harness::Record measure(const harness::Cell& cell) {
  return measure_cell({cell, 0, ""}, apps::registry());
}

/// `part` of `bytes`.
int64_t scaled(double part, int64_t bytes) {
  return static_cast<int64_t>(part * static_cast<double>(bytes));
}

class OutOfMemoryOnGpu : public testing::TestWithParam<const char*> {
 protected:
  harness::Cell cell_ = gpu_cell(GetParam(), {}, kLayers);
  harness::MemoryFootprint plan_ = plan_cell(cell_, apps::registry()).footprint.value();
};

TEST_P(OutOfMemoryOnGpu, a_limit_below_the_plan_ends_the_cell_and_says_where_and_for_what) {
  cell_.device.memory_limit_bytes = scaled(0.8, plan_.peak_bytes);
  const auto record = measure(cell_);
  EXPECT_EQ(record.status, harness::Status::kOutOfMemory) << record.reason;
  ASSERT_TRUE(record.phase.has_value());
  EXPECT_NE(*record.phase, harness::Phase::kSetup);
  const auto refused = record.memory.out_of_memory.value();
  EXPECT_GT(refused.requested_bytes, 0);
  EXPECT_GT(refused.in_use_bytes, 0);
  EXPECT_LE(refused.in_use_bytes, *cell_.device.memory_limit_bytes);
  EXPECT_EQ(refused.in_use.total(), refused.in_use_bytes);
  EXPECT_GT(refused.in_use.weights, 0);
  EXPECT_THAT(record.reason, HasSubstr(std::to_string(refused.requested_bytes)));
  EXPECT_THAT(record.reason, HasSubstr(std::to_string(*cell_.device.memory_limit_bytes)));
  EXPECT_TRUE(record.samples.empty());
}

TEST_P(OutOfMemoryOnGpu, a_limit_above_the_plan_passes) {
  cell_.device.reserved_bytes = int64_t{1} << 20;
  cell_.device.memory_limit_bytes =
      scaled(1.1, *plan_.reserved_bytes) + cell_.device.reserved_bytes;
  const auto record = measure(cell_);
  EXPECT_EQ(record.status, harness::Status::kPassed) << record.reason;
  EXPECT_LE(record.memory.measured->reserved_bytes.value(), *cell_.device.usable_bytes());
}

TEST_P(OutOfMemoryOnGpu, cells_run_as_before_after_one_that_ran_out_of_memory) {
  auto smaller = cell_;
  smaller.micro_batch = smaller.global_batch = 2;
  const auto before = measure(smaller);
  ASSERT_EQ(before.status, harness::Status::kPassed) << before.reason;
  cell_.device.memory_limit_bytes = scaled(0.8, plan_.peak_bytes);
  ASSERT_EQ(measure(cell_).status, harness::Status::kOutOfMemory);
  smaller.device.memory_limit_bytes = cell_.device.memory_limit_bytes;
  const auto after = measure(smaller);
  EXPECT_EQ(after.status, harness::Status::kPassed) << after.reason;
  const auto peak = static_cast<double>(before.memory.measured->peak_bytes);
  EXPECT_NEAR(static_cast<double>(after.memory.measured->peak_bytes), peak, 0.01 * peak);
}

INSTANTIATE_TEST_SUITE_P(all, OutOfMemoryOnGpu, testing::Values("pytorch_eager", "fused"));

}  // namespace
}  // namespace worker
