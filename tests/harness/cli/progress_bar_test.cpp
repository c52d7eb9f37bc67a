#include "harness/cli/progress_bar.h"

#include <gtest/gtest.h>

namespace harness {
namespace {

TEST(ProgressBar, cells_fill_up_and_the_last_one_at_the_end) {
  EXPECT_EQ(progress_bar(0, 7), "[..........]");
  EXPECT_EQ(progress_bar(1, 2), "[#####.....]");
  EXPECT_EQ(progress_bar(1002, 1003), "[#########.]");
  EXPECT_EQ(progress_bar(1003, 1003), "[##########]");
  EXPECT_EQ(progress_bar(2, 3, 3), "[##.]");
}

}  // namespace
}  // namespace harness
