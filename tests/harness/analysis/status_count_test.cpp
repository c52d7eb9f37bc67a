#include "harness/analysis/status_count.h"

#include <gtest/gtest.h>

#include "tests/harness/analysis/run_builder.h"

namespace harness {
namespace {

TEST(StatusCount, counts_every_status_and_reason_the_most_frequent_first) {
  const Cell cell = make_cell("fused", 8);
  const std::vector<StatusCount> counts = count_statuses(
      {make_failed(cell, 0, Status::kCrashed, "a"), make_failed(cell, 1, Status::kCrashed, "b"),
       make_passed(cell, 2, 1), make_failed(cell, 3, Status::kCrashed, "b")});
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].status, Status::kPassed);
  EXPECT_EQ(counts[0].records, 1);
  EXPECT_TRUE(counts[0].reasons.empty());
  EXPECT_EQ(counts[1].status, Status::kCrashed);
  EXPECT_EQ(counts[1].records, 3);
  ASSERT_EQ(counts[1].reasons.size(), 2U);
  EXPECT_EQ(counts[1].reasons[0].reason, "b");
  EXPECT_EQ(counts[1].reasons[0].records, 2);
}

}  // namespace
}  // namespace harness
