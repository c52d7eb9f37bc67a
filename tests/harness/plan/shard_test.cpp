#include "harness/plan/shard.h"

#include <functional>
#include <map>
#include <set>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/cell_groups.h"
#include "harness/plan/launch_order.h"
#include "tests/stubs/stub_worker.h"

namespace harness {
namespace {

using ::testing::ElementsAre;

/// Two implementations at each micro-batch; a step has one micro-batch, so its work is the
/// micro-batch's.
Schedule schedule_of(const std::vector<int64_t>& micro_batches) {
  Schedule schedule;
  for (const auto micro_batch : micro_batches) {
    for (const char* const name : {"pytorch_eager", "fused"}) {
      auto cell = stubs::make_cell(name, micro_batch);
      cell.global_batch = micro_batch;
      cell.measure.rounds = 2;
      schedule.cells.push_back({cell, {}, {}, {}});
    }
  }
  schedule.launches = order_launches(schedule.cells);
  return schedule;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST(Shard, is_read_from_its_text) {
  EXPECT_EQ(parse_shard("2/8").index, 2);
  EXPECT_EQ(parse_shard("2/8").count, 8);
  EXPECT_EQ(to_string(parse_shard("12/12")), "12/12");
  for (const char* const text : {"", "/", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "1/2 ", "a/b",
                                 "1/99999999999999999999"}) {
    EXPECT_THROW(parse_shard(text), std::invalid_argument) << text;
  }
}

// By hand: work 8, 4, 3, 2, 1 goes to 1, 2, 2 (4+3 < 8), 2 (7 < 8), 1 (8 < 9).
TEST(Shard, takes_the_most_work_first_and_levels_the_rest) {
  EXPECT_THAT(assign_shards(schedule_of({1, 2, 3, 4, 8}), 2),
              ElementsAre(1, 1, 2, 2, 2, 2, 2, 2, 1, 1));
}

TEST(Shard, keeps_what_is_compared_together) {
  const auto schedule = schedule_of({1, 2, 3, 4, 5, 6, 7});
  for (int64_t count = 1; count <= 7; ++count) {
    const auto shards = assign_shards(schedule, count);
    std::map<std::string, std::set<int64_t>> of_comparison;
    for (std::size_t i = 0; i < shards.size(); ++i) {
      of_comparison[comparison_key(schedule.cells[i].cell)].insert(shards[i]);
    }
    for (const auto& [key, used] : of_comparison) EXPECT_EQ(used.size(), 1u) << key;
  }
}

TEST(Shard, shards_together_are_the_schedule) {
  const auto schedule = schedule_of({1, 2, 3, 4, 5});
  std::multiset<std::string> launched;
  for (int64_t index = 1; index <= 3; ++index) {
    const auto part = shard_of(schedule, {index, 3});
    EXPECT_FALSE(part.cells.empty());
    for (const auto& launch : part.launches) {
      launched.insert(cell_key(part.cells.at(launch.cell).cell) + std::to_string(launch.round));
    }
  }
  std::multiset<std::string> expected;
  for (const auto& launch : schedule.launches) {
    expected.insert(cell_key(schedule.cells[launch.cell].cell) + std::to_string(launch.round));
  }
  EXPECT_EQ(launched, expected);
}

TEST(Shard, does_not_depend_on_what_this_machine_can_launch) {
  auto schedule = schedule_of({1, 2, 3, 4, 8});
  const auto shards = assign_shards(schedule, 2);
  schedule.cells.back().not_launched = Status::kSkipped;
  EXPECT_EQ(assign_shards(schedule, 2), shards);
}

TEST(Shard, is_never_empty) {
  auto schedule = schedule_of({1, 2});
  EXPECT_EQ(message_of([&] { assign_shards(schedule, 3); }),
            "the sweep has 2 comparisons, which are not split: use at most as many shards");
  for (auto& scheduled : schedule.cells) scheduled.cell.model.layers = 0;  // no work at all
  EXPECT_THAT(assign_shards(schedule, 2), ElementsAre(1, 1, 2, 2));
}

}  // namespace
}  // namespace harness
