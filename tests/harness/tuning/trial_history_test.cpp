#include "harness/tuning/trial_history.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Cell> kCells = {tuning_cell("fused", 2), tuning_cell("fused", 4),
                                  tuning_cell("fused", 4, {"a"}), tuning_cell("fused", 2, {"a"})};

TEST(TrialHistory, knows_nothing_at_first) {
  const std::vector<Trial> none;
  const TrialHistory history(kCells, none);
  EXPECT_THAT(history.measured(), IsEmpty());
  EXPECT_THAT(history.unmeasured(), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(history.last_narrowed(), IsEmpty());
  EXPECT_EQ(history.next_pass(), 0);
}

TEST(TrialHistory, a_candidate_s_time_is_the_median_of_its_rounds) {
  const std::vector<Trial> trials = {passed_trial(1, 0, 0.5), passed_trial(1, 1, 0.25),
                                     passed_trial(1, 2, 4)};
  const TrialHistory history(kCells, trials);
  EXPECT_DOUBLE_EQ(history.log_seconds(1), std::log(0.5));
  EXPECT_EQ(history.next_pass(), 3);
}

TEST(TrialHistory, a_failed_trial_takes_its_own_candidate_out) {
  const std::vector<Trial> trials = {passed_trial(2, 0, 0.5), failed_trial(2, 1, Status::kCrashed)};
  const TrialHistory history(kCells, trials);
  EXPECT_TRUE(history.out(2));
  EXPECT_FALSE(history.out(3));
  EXPECT_THAT(history.measured(), IsEmpty());
  EXPECT_THAT(history.unmeasured(), ElementsAre(0, 1, 3));
}

TEST(TrialHistory, the_gate_takes_out_all_with_the_same_implementation_and_flags) {
  for (const Status status : {Status::kIncorrect, Status::kMistrusted}) {
    const std::vector<Trial> trials = {failed_trial(2, 0, status)};
    EXPECT_THAT(TrialHistory(kCells, trials).unmeasured(), ElementsAre(0, 1));
  }
}

TEST(TrialHistory, tells_stages_and_the_last_narrowing_pass_apart) {
  const std::vector<Trial> trials = {passed_trial(0, 0, 1, TrialStage::kScreening),
                                     passed_trial(1, 1, 1, TrialStage::kExploration),
                                     passed_trial(0, 2, 1),
                                     passed_trial(1, 2, 1),
                                     passed_trial(2, 2, 1),
                                     passed_trial(2, 3, 1),
                                     passed_trial(0, 3, 1),
                                     failed_trial(1, 3, Status::kTimedOut, TrialStage::kNarrowing)};
  const TrialHistory history(kCells, trials);
  EXPECT_THAT(history.passed_in(TrialStage::kScreening), ElementsAre(0));
  EXPECT_THAT(history.passed_in(TrialStage::kNarrowing), ElementsAre(0, 1, 2));
  EXPECT_THAT(history.last_narrowed(), ElementsAre(2, 0));
  EXPECT_EQ(history.narrowing_passes(2), 2);
  EXPECT_EQ(history.narrowing_passes(3), 0);
}

}  // namespace
}  // namespace harness
