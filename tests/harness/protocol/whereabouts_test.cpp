#include "harness/protocol/whereabouts.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace harness {
namespace {

std::string answer() {
  ::testing::internal::CaptureStderr();
  ::raise(SIGUSR1);
  return ::testing::internal::GetCapturedStderr();
}

TEST(Whereabouts, are_a_line_of_what_was_reported_last) {
  answer_whereabouts();
  EXPECT_EQ(answer(), "where: setup\n");
  report_step(7, 1200);
  report_phase(Phase::kBackward);
  EXPECT_EQ(answer(), "where: backward, step 7 of 1200\n");
  report_phase(Phase::kOptimizer);
  report_step(9223372036854775807, 9223372036854775807);
  EXPECT_EQ(answer(), "where: optimizer, step 9223372036854775807 of 9223372036854775807\n");
}

}  // namespace
}  // namespace harness
