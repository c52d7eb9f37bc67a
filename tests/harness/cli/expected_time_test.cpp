#include "harness/cli/expected_time.h"

#include <gtest/gtest.h>

#include "harness/cli/launch_seconds.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

/// Two combinations of two rounds each, the second with twice the work, and a cell that is not
/// launched. Time-outs of 20 s.
Schedule two_combinations() {
  Schedule schedule;
  auto large = stubs::make_cell("pytorch_eager", 4);
  large.global_batch *= 2;
  schedule.cells = {{stubs::make_cell("fused", 4), {}, {}, {}},
                    {large, {}, {}, {}},
                    {stubs::make_cell("pytorch_tuned", 4), {}, Status::kSkipped, "excluded"}};
  schedule.launches = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  return schedule;
}

Record timed_record(const Cell& cell, double seconds) {
  Record record;
  record.cell = cell;
  record.environment = {{"cpu", "Abacus 9"}, {"processors", 4}};
  set_launch_seconds(record, seconds);
  return record;
}

TEST(ExpectedTime, is_unknown_without_earlier_launches_but_bounded) {
  const auto expected = expect_time(two_combinations(), {});
  EXPECT_EQ(expected.seconds, std::nullopt);
  EXPECT_EQ(expected.known_cells, 0u);
  EXPECT_EQ(expected.cells, 2u);
  EXPECT_EQ(expected.checks, 2u);
  EXPECT_DOUBLE_EQ(expected.longest_seconds, 20 * (4 + 2));
}

TEST(ExpectedTime, is_the_mean_of_earlier_launches_of_the_same_cells) {
  const auto schedule = two_combinations();
  const auto& cells = schedule.cells;
  const auto expected =
      expect_time(schedule, {timed_record(cells[0].cell, 3), timed_record(cells[0].cell, 5),
                             timed_record(cells[1].cell, 10)});
  EXPECT_DOUBLE_EQ(expected.seconds.value(), 2 * 4 + 2 * 10);
  EXPECT_EQ(expected.known_cells, 2u);
}

TEST(ExpectedTime, goes_by_arithmetic_where_a_cell_was_not_measured) {
  const auto schedule = two_combinations();
  const auto expected = expect_time(schedule, {timed_record(schedule.cells[0].cell, 4)});
  EXPECT_DOUBLE_EQ(expected.seconds.value(), 2 * 4 + 2 * 8);
  EXPECT_EQ(expected.known_cells, 1u);
}

TEST(ExpectedTime, the_number_of_rounds_makes_no_other_cell) {
  const auto schedule = two_combinations();
  auto cell = schedule.cells[0].cell;
  cell.measure.rounds = 40;
  EXPECT_EQ(expect_time(schedule, {timed_record(cell, 4)}).known_cells, 1u);
  cell.measure.steps += 1;
  EXPECT_EQ(expect_time(schedule, {timed_record(cell, 4)}).known_cells, 0u);
}

TEST(ExpectedTime, only_what_passed_and_was_timed_counts) {
  const auto schedule = two_combinations();
  auto failed = timed_record(schedule.cells[0].cell, 4);
  failed.status = Status::kCrashed;
  auto untimed = timed_record(schedule.cells[0].cell, 4);
  untimed.environment = {{"cpu", "Abacus 9"}};
  auto odd = untimed;
  odd.environment["launch_seconds"] = "four";
  EXPECT_EQ(expect_time(schedule, {failed, untimed, odd}).seconds, std::nullopt);
}

TEST(ExpectedTime, launches_take_as_long_on_machines_with_the_same_processors) {
  const Facts here = {{"processor", "Abacus 9"}, {"processors", "4"}, {"kernel", "6.1"}};
  EXPECT_TRUE(launches_alike({{"processor", "Abacus 9"}, {"processors", "4"}}, here));
  EXPECT_FALSE(launches_alike({{"processor", "Abacus 9"}, {"processors", "8"}}, here));
  EXPECT_FALSE(launches_alike({{"processor", "Abacus 10"}, {"processors", "4"}}, here));
  EXPECT_FALSE(launches_alike({}, here));
  EXPECT_FALSE(launches_alike({}, {}));
}

}  // namespace
}  // namespace harness
