#include "harness/plan/obstacle.h"

#include <gtest/gtest.h>

#include "tests/harness/plan/made_up_plans.h"

namespace harness {
namespace {

constexpr int64_t kGiB = int64_t{1} << 30;

class ObstacleTest : public ::testing::Test {
 protected:
  ObstacleTest() {
    cell_.micro_batch = 8;
    cell_.global_batch = 8;
    cell_.device.kind = "cpu";
    here_.device = {"cpu", true, ""};
  }
  std::optional<Obstacle> find() const { return find_obstacle(cell_, plan(), here_); }
  /// 9 GiB, unless the test says that there is none.
  Plan plan() const {
    return planned_ ? made_up_plan(cell_) : Plan{std::nullopt, "no such kernel"};
  }

  Cell cell_;
  Surroundings here_;
  bool planned_ = true;
};

TEST_F(ObstacleTest, nothing_is_in_the_way_without_limits) {
  EXPECT_FALSE(find());
  here_.machine_available_bytes = int64_t{100} * kGiB;
  cell_.device.memory_limit_bytes = int64_t{9} * kGiB;
  EXPECT_FALSE(find());
}

TEST_F(ObstacleTest, comes_in_the_stated_order) {
  here_.device = {"cpu", false, "no device"};
  here_.exclude_reason = "too noisy";
  here_.machine_available_bytes = 1;
  cell_.device.memory_limit_bytes = kGiB;
  planned_ = false;
  EXPECT_EQ(find()->reason, "no device");
  EXPECT_EQ(find()->status, Status::kUnsupported);
  here_.device.available = true;
  EXPECT_EQ(find()->reason, "too noisy");
  EXPECT_EQ(find()->status, Status::kSkipped);
  here_.exclude_reason.reset();
  EXPECT_EQ(find()->reason, "no such kernel");
  EXPECT_EQ(find()->status, Status::kUnsupported);
  planned_ = true;
  EXPECT_EQ(find()->status, Status::kOutOfMemory);
  here_.try_over_limit = true;
  EXPECT_EQ(find()->status, Status::kSkipped);
  here_.machine_available_bytes.reset();
  EXPECT_FALSE(find());
}

TEST_F(ObstacleTest, memory_that_nobody_can_predict_is_none) {
  cell_.device.memory_limit_bytes = 1;
  here_.machine_available_bytes = 1;
  EXPECT_FALSE(find_obstacle(cell_, Plan(), here_));
}

TEST_F(ObstacleTest, the_margin_is_5_percent_of_what_the_limit_leaves) {
  cell_.device.reserved_bytes = kGiB;
  // 9 GiB is 5 % over 8.5714 GiB.
  cell_.device.memory_limit_bytes = kGiB + kGiB * 8572 / 1000;
  EXPECT_FALSE(find());
  cell_.device.memory_limit_bytes = kGiB + kGiB * 8571 / 1000;
  EXPECT_EQ(find()->status, Status::kOutOfMemory);
}

}  // namespace
}  // namespace harness
