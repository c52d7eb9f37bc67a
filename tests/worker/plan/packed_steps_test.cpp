#include "worker/plan/packed_steps.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "apps/registry.h"
#include "model/window_file.h"
#include "tests/worker/test_cells.h"
#include "worker/measure/measure_cell.h"
#include "worker/plan/plan_cell.h"

namespace worker {
namespace {

constexpr uint64_t kSteps = 6;

model::WindowDataset data_set(int64_t sequences_per_step) {
  return {model::read_window_file(test_windows()),
          {.sequence_length = 64,
           .sequences_per_step = sequences_per_step,
           .activations = at::TensorOptions(at::kMeta),
           .row_layout = model::RowLayout::kPacked}};
}

TEST(PackedSteps, hold_the_first_step_and_the_largest_micro_batch_of_each_kind) {
  const auto data = data_set(4);
  const auto chosen = largest_packed_steps(data, 2, kSteps);
  EXPECT_EQ(chosen.front(), 0U);
  EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
  const auto rows_of = [&](uint64_t step, int64_t first) {
    return data.layout(step, first, 2).rows();
  };
  for (const int64_t first : {0, 2}) {
    int64_t largest = 0;
    int64_t largest_chosen = 0;
    for (uint64_t step = 1; step < kSteps; ++step) {
      // A later micro-batch covers a first one that is not larger.
      for (const int64_t at_least : {first, int64_t{2}}) {
        if (at_least == first) largest = std::max(largest, rows_of(step, first));
        if (std::find(chosen.begin(), chosen.end(), step) == chosen.end()) continue;
        largest_chosen = std::max(largest_chosen, rows_of(step, at_least));
      }
    }
    EXPECT_GE(largest_chosen, largest) << first;
  }
}

TEST(PackedSteps, the_plan_follows_the_seed_and_the_number_of_steps_to_the_byte) {
  const auto registry = apps::registry();
  std::vector<int64_t> peaks;
  for (const uint64_t seed : {1, 2, 3}) {
    for (const int64_t steps : {1, 5}) {
      auto cell = small_cell("fused");
      cell.flags = {"remove_padding"};
      cell.measure.seed = seed;
      cell.measure.steps = steps;
      const auto plan = plan_cell(cell, registry);
      const auto record = measure_cell({cell, 0, ""}, registry);
      ASSERT_EQ(record.status, harness::Status::kPassed) << record.reason;
      EXPECT_EQ(plan.footprint->peak_bytes, record.memory.measured->peak_bytes)
          << "seed " << seed << " steps " << steps;
      peaks.push_back(plan.footprint->peak_bytes);
    }
  }
  std::sort(peaks.begin(), peaks.end());
  EXPECT_LT(peaks.front(), peaks.back());
}

}  // namespace
}  // namespace worker
