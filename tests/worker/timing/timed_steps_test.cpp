#include "worker/timing/timed_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker {
namespace {

TEST(TimedSteps, warm_up_is_not_timed_and_steps_are_numbered_through) {
  std::vector<uint64_t> numbers;
  const auto seconds = timed_steps(2, 3, [&](uint64_t number) { numbers.push_back(number); });
  EXPECT_EQ(seconds.size(), 3U);
  EXPECT_THAT(numbers, testing::ElementsAre(0, 1, 2, 3, 4));
}

}  // namespace
}  // namespace worker
