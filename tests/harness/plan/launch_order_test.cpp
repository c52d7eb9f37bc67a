#include "harness/plan/launch_order.h"

#include <string>

#include <gtest/gtest.h>

namespace harness {
namespace {

ScheduledCell scheduled(const std::string& implementation, int64_t micro_batch) {
  ScheduledCell cell;
  cell.cell.implementation = implementation;
  cell.cell.micro_batch = micro_batch;
  cell.cell.measure.rounds = 3;
  return cell;
}

std::string text(const std::vector<Launch>& launches) {
  std::string order;
  for (const Launch& launch : launches) {
    order += std::to_string(launch.cell) + "." + std::to_string(launch.round) + " ";
  }
  return order;
}

TEST(LaunchOrder, alternates_within_each_comparison) {
  const std::vector<ScheduledCell> cells = {scheduled("a", 4), scheduled("b", 4), scheduled("a", 8),
                                            scheduled("b", 8)};
  EXPECT_EQ(text(order_launches(cells)), "0.0 1.0 1.1 0.1 0.2 1.2 2.0 3.0 3.1 2.1 2.2 3.2 ");
}

TEST(LaunchOrder, optimizers_are_one_comparison) {
  std::vector<ScheduledCell> cells = {scheduled("a", 4), scheduled("a", 4)};
  cells[1].cell.optimizer = "other";
  EXPECT_EQ(text(order_launches(cells)), "0.0 1.0 1.1 0.1 0.2 1.2 ");
}

TEST(LaunchOrder, leaves_out_what_is_not_launched) {
  std::vector<ScheduledCell> cells = {scheduled("a", 4), scheduled("b", 4), scheduled("c", 4)};
  cells[1].not_launched = Status::kSkipped;
  EXPECT_EQ(text(order_launches(cells)), "0.0 2.0 2.1 0.1 0.2 2.2 ");
  for (ScheduledCell& cell : cells) {
    cell.not_launched = Status::kUnsupported;
  }
  EXPECT_EQ(text(order_launches(cells)), "");
}

}  // namespace
}  // namespace harness
