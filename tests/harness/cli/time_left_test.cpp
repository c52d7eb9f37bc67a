#include "harness/cli/time_left.h"

#include <gtest/gtest.h>

#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

/// Two cells, the second with twice the work, of two rounds each.
Schedule two_cells() {
  Schedule schedule;
  auto large = stubs::make_cell("fused", 4);
  large.global_batch *= 2;
  schedule.cells = {{stubs::make_cell("fused", 4), {}, {}, {}}, {large, {}, {}, {}}};
  schedule.launches = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  return schedule;
}

TEST(TimeLeft, is_not_known_before_anything_has_run) {
  EXPECT_EQ(TimeLeft(two_cells()).seconds(), std::nullopt);
}

TEST(TimeLeft, goes_by_work_for_cells_that_have_not_run) {
  TimeLeft time(two_cells());
  time.finished(0, 10);
  EXPECT_DOUBLE_EQ(time.seconds().value(), 10 + 2 * 20);
}

TEST(TimeLeft, goes_by_a_cell_s_own_time_once_it_has_run) {
  TimeLeft time(two_cells());
  time.finished(0, 10);
  time.finished(1, 30);
  EXPECT_DOUBLE_EQ(time.seconds().value(), 10 + 30);
}

TEST(TimeLeft, goes_by_launches_of_another_run_which_leave_as_many_to_come) {
  TimeLeft time(two_cells());
  time.ran_before(0, 10);
  EXPECT_DOUBLE_EQ(time.seconds().value(), 2 * 10 + 2 * 20);
}

TEST(TimeLeft, forgets_dropped_cells_and_ends_at_nothing) {
  TimeLeft time(two_cells());
  time.finished(0, 10);
  time.dropped(1);
  EXPECT_DOUBLE_EQ(time.seconds().value(), 10);
  time.finished(0, 12);
  EXPECT_DOUBLE_EQ(time.seconds().value(), 0);
}

TEST(TimeLeft, leaves_out_what_an_earlier_process_has_done) {
  TimeLeft time(two_cells());
  time.recorded(0);
  time.recorded(1);
  EXPECT_EQ(time.seconds(), std::nullopt);
  time.finished(0, 10);
  EXPECT_DOUBLE_EQ(time.seconds().value(), 20);
}

}  // namespace
}  // namespace harness
