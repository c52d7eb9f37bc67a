#include "harness/plan/launch_work.h"

#include <gtest/gtest.h>

#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

TEST(LaunchWork, grows_with_steps_sequences_and_layers) {
  const auto cell = stubs::make_cell();
  auto more = cell;
  more.measure.steps += cell.measure.steps + cell.measure.warmup_steps;
  EXPECT_DOUBLE_EQ(launch_work(more), 2 * launch_work(cell));
  more = cell;
  more.model.layers *= 3;
  EXPECT_DOUBLE_EQ(launch_work(more), 3 * launch_work(cell));
  more = cell;
  more.global_batch *= 4;
  EXPECT_DOUBLE_EQ(launch_work(more), 4 * launch_work(cell));
}

}  // namespace
}  // namespace harness
