#include "harness/plan/pair_order.h"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace harness {
namespace {

Schedule schedule_of(const std::vector<int64_t>& micro_batches, int64_t rounds) {
  Schedule schedule;
  for (const int64_t micro_batch : micro_batches) {
    ScheduledCell& scheduled = schedule.cells.emplace_back();
    scheduled.cell.implementation = "fused";
    scheduled.cell.micro_batch = micro_batch;
    scheduled.cell.measure.rounds = rounds;
  }
  return schedule;
}

/// "<side><micro-batch>.<round> " of every launch.
std::string text(const PairedSchedule& paired) {
  std::string order;
  for (const Launch& launch : paired.schedule.launches) {
    const auto& cell = paired.schedule.cells[launch.cell].cell;
    order += (paired.is_after(launch.cell) ? "A" : "B") + std::to_string(cell.micro_batch) + "." +
             std::to_string(launch.round) + " ";
  }
  return order;
}

std::string order_of_one_cell(uint64_t seed) {
  const Schedule schedule = schedule_of({4}, 2);
  return text(pair_schedules(schedule, schedule, seed));
}

TEST(PairOrder, two_rounds_of_a_cell_put_each_side_first_once) {
  std::set<std::string> orders;
  for (uint64_t seed = 0; seed < 32; ++seed) orders.insert(order_of_one_cell(seed));
  EXPECT_THAT(orders, testing::ElementsAre("A4.0 B4.0 B4.1 A4.1 ", "B4.0 A4.0 A4.1 B4.1 "));
}

TEST(PairOrder, ten_rounds_put_each_side_first_five_times_and_in_a_mixed_order) {
  const Schedule schedule = schedule_of({4}, 10);
  const std::string order = text(pair_schedules(schedule, schedule, 1));
  int after_first = 0;
  for (int round = 0; round < 10; ++round) {
    const std::string number = "4." + std::to_string(round) + " ";
    const bool first = order.find("A" + number + "B" + number) != std::string::npos;
    EXPECT_NE(first, order.find("B" + number + "A" + number) != std::string::npos) << order;
    after_first += first ? 1 : 0;
  }
  EXPECT_EQ(after_first, 5);
}

TEST(PairOrder, the_seed_decides) {
  const Schedule schedule = schedule_of({4, 8}, 10);
  const auto order = [&](uint64_t seed) { return text(pair_schedules(schedule, schedule, seed)); };
  EXPECT_EQ(order(7), order(7));
  EXPECT_NE(order(7), order(8));
}

TEST(PairOrder, every_cell_has_a_round_before_any_has_its_next) {
  const Schedule schedule = schedule_of({4, 8}, 2);
  const auto paired = pair_schedules(schedule, schedule, 1);
  std::vector<int64_t> rounds;
  for (const Launch& launch : paired.schedule.launches) rounds.push_back(launch.round);
  EXPECT_THAT(rounds, testing::ElementsAre(0, 0, 0, 0, 1, 1, 1, 1));
}

TEST(PairOrder, a_side_that_is_not_launched_leaves_the_other_alone) {
  Schedule before = schedule_of({4, 8}, 1);
  before.cells[0].not_launched = Status::kOutOfMemory;
  const Schedule after = schedule_of({4}, 1);
  const auto paired = pair_schedules(before, after, 1);
  EXPECT_EQ(paired.schedule.cells.size(), 3U);
  EXPECT_EQ(paired.first_after, 2U);
  EXPECT_EQ(text(paired), "B8.0 A4.0 ");
}

}  // namespace
}  // namespace harness
