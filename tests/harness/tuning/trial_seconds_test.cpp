#include "harness/tuning/trial_seconds.h"

#include <gtest/gtest.h>

#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

/// Steps of 24 sequences, 2 of warm-up and 10 timed: 288 sequences a trial.
Cell cell() {
  return tuning_cell("fused", 8);
}

TEST(TrialSeconds, knows_nothing_at_first) {
  EXPECT_EQ(TrialSeconds().estimate(cell(), 1), std::nullopt);
  EXPECT_EQ(TrialSeconds().mean(), std::nullopt);
}

// Steps of 2.88, 2.88 and 5.76 s leave 1.12, 3.12 and 2.24 s around them; the median is 2.24.
TEST(TrialSeconds, adds_the_usual_surroundings_to_the_steps) {
  TrialSeconds seconds;
  seconds.finished(cell(), 4, 0.01);
  seconds.finished(cell(), 6, 0.01);
  seconds.finished(cell(), 8, 0.02);
  EXPECT_NEAR(seconds.estimate(cell(), 0.1).value(), 28.8 + 2.24, 1e-12);
  EXPECT_NEAR(seconds.mean().value(), 6, 1e-12);
}

TEST(TrialSeconds, trials_that_failed_count_for_the_mean_alone) {
  TrialSeconds seconds;
  seconds.finished(cell(), 300, std::nullopt);
  EXPECT_EQ(seconds.estimate(cell(), 0.1), std::nullopt);
  EXPECT_EQ(seconds.mean(), 300);
}

TEST(TrialSeconds, surroundings_are_never_negative) {
  TrialSeconds seconds;
  seconds.finished(cell(), 1, 0.01);
  EXPECT_NEAR(seconds.estimate(cell(), 0.01).value(), 2.88, 1e-12);
}

}  // namespace
}  // namespace harness
