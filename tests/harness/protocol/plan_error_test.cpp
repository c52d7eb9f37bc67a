#include "harness/protocol/plan_error.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

std::optional<MemoryFootprint> footprint(int64_t peak, std::optional<int64_t> reserved = {},
                                         int64_t library_scratch = 0) {
  MemoryFootprint result;
  result.peak_bytes = peak;
  result.reserved_bytes = reserved;
  result.library_scratch_bytes = library_scratch;
  return result;
}

TEST(PlanError, is_relative_to_the_plan_and_leaves_library_scratch_out) {
  const auto error = plan_error(footprint(1000, 2000), footprint(1130, 1900, 100)).value();
  EXPECT_DOUBLE_EQ(error.peak, 0.03);
  EXPECT_DOUBLE_EQ(error.reserved.value(), -0.05);
  EXPECT_DOUBLE_EQ(error.largest(), 0.05);
}

TEST(PlanError, of_reserved_bytes_needs_both) {
  EXPECT_FALSE(plan_error(footprint(1000), footprint(1010, 1900))->reserved.has_value());
  EXPECT_FALSE(plan_error(footprint(1000, 2000), footprint(1010))->reserved.has_value());
  EXPECT_FALSE(plan_error(footprint(1000, 0), footprint(1010, 1900))->reserved.has_value());
  EXPECT_DOUBLE_EQ(plan_error(footprint(1000), footprint(990, 1900))->largest(), 0.01);
}

TEST(PlanError, needs_a_plan_of_something_and_a_measurement) {
  EXPECT_FALSE(plan_error(footprint(1000), {}).has_value());
  EXPECT_FALSE(plan_error({}, footprint(1000)).has_value());
  EXPECT_FALSE(plan_error(footprint(0), footprint(1000)).has_value());
}

}  // namespace
}  // namespace harness
