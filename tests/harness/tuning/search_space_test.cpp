#include "harness/tuning/search_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

ScheduledCell scheduled(int64_t micro_batch, int64_t peak_bytes) {
  const PlannedCell planned = make_plan(tuning_cell("fused", micro_batch), peak_bytes);
  return {planned.cell, planned.plan, std::nullopt, ""};
}

// The limit of the cells is 2 GiB. A sweep launches what is a byte over it, as next to a boundary.
TEST(SearchSpace, what_the_plan_puts_over_the_limit_is_no_candidate) {
  Schedule schedule;
  schedule.cells = {scheduled(4, 2 * kGiB), scheduled(8, 2 * kGiB + 1), scheduled(12, kGiB)};
  schedule.cells[2].not_launched = Status::kSkipped;
  schedule.cells[2].reason = "excluded";
  const SearchSpace space = search_space(schedule);
  ASSERT_EQ(space.candidates.size(), 1U);
  EXPECT_EQ(space.candidates[0].cell.micro_batch, 4);
  ASSERT_EQ(space.left_out.size(), 2U);
  EXPECT_EQ(space.left_out[0].not_launched, Status::kOutOfMemory);
  EXPECT_EQ(space.left_out[0].reason,
            "the planned peak of 2147483649 bytes is over the 2147483648 that the memory limit "
            "leaves");
  EXPECT_EQ(space.left_out[1].not_launched, Status::kSkipped);
  EXPECT_EQ(space.left_out[1].reason, "excluded");
}

TEST(SearchSpace, a_cell_whose_memory_nobody_can_predict_is_a_candidate) {
  Schedule schedule;
  schedule.cells = {scheduled(4, 0)};
  schedule.cells[0].plan.footprint.reset();
  EXPECT_EQ(search_space(schedule).candidates.size(), 1U);
}

}  // namespace
}  // namespace harness
