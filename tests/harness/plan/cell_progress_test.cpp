#include "harness/plan/cell_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

Schedule two_cells() {
  Schedule schedule;
  schedule.cells = {{stubs::make_cell("pytorch_eager"), {}, {}, {}},
                    {stubs::make_cell("fused"), {}, {}, {}}};
  return schedule;
}

Record record_of(const Cell& cell, int64_t round, Status status = Status::kPassed) {
  Record record;
  record.cell = cell;
  record.round = round;
  record.status = status;
  return record;
}

TEST(CellProgress, of_a_run_that_recorded_nothing_is_open_from_the_first_round) {
  const auto progress = cell_progress(two_cells(), {});
  ASSERT_EQ(progress.size(), 2u);
  EXPECT_EQ(progress[0].next_round(), 0);
  EXPECT_TRUE(progress[0].open(1));
}

TEST(CellProgress, counts_the_rounds_of_each_cell) {
  const auto schedule = two_cells();
  const auto& fused = schedule.cells[1].cell;
  const auto progress = cell_progress(schedule, {record_of(fused, 0), record_of(fused, 1)});
  EXPECT_TRUE(progress[0].rounds.empty());
  EXPECT_THAT(progress[1].rounds, ::testing::ElementsAre(0, 1));
  EXPECT_TRUE(progress[1].open(3));
  EXPECT_FALSE(progress[1].open(2));
}

TEST(CellProgress, finds_a_round_that_was_lost_in_between) {
  const auto schedule = two_cells();
  const auto& fused = schedule.cells[1].cell;
  EXPECT_EQ(cell_progress(schedule, {record_of(fused, 0), record_of(fused, 2)})[1].next_round(), 1);
}

TEST(CellProgress, ends_a_cell_of_which_a_round_did_not_pass) {
  const auto schedule = two_cells();
  const auto& fused = schedule.cells[1].cell;
  const auto progress =
      cell_progress(schedule, {record_of(fused, 0), record_of(fused, 1, Status::kCrashed)});
  EXPECT_TRUE(progress[1].ended);
  EXPECT_FALSE(progress[1].open(6));
}

// Reading a record back sorts the model's axes by name.
TEST(CellProgress, knows_a_cell_by_its_content) {
  auto schedule = two_cells();
  schedule.cells[0].cell.model_axes = {{"layers", "2"}, {"gelu", "erf"}};
  const auto record = nlohmann::json(schedule.cells[0].cell).get<Cell>();
  EXPECT_EQ(cell_progress(schedule, {record_of(record, 0)})[0].rounds.size(), 1u);
}

TEST(CellProgress, refuses_a_record_of_another_sweep) {
  EXPECT_THROW(cell_progress(two_cells(), {record_of(stubs::make_cell("fused", 64), 0)}),
               std::invalid_argument);
}

}  // namespace
}  // namespace harness
