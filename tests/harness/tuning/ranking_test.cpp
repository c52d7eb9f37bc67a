#include "harness/tuning/ranking.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Cell> kCells = {tuning_cell("fused", 2), tuning_cell("fused", 4),
                                  tuning_cell("fused", 8), tuning_cell("fused", 12)};

std::vector<std::size_t> order(const std::vector<RankedCandidate>& ranking) {
  std::vector<std::size_t> result;
  for (const RankedCandidate& ranked : ranking) result.push_back(ranked.candidate);
  return result;
}

TEST(Ranking, nothing_passed_is_no_answer) {
  EXPECT_THAT(rank_candidates(kCells, {}), IsEmpty());
  EXPECT_THAT(rank_candidates(kCells, {failed_trial(0, 0, Status::kCrashed)}), IsEmpty());
}

// Six passes: candidate 1 takes 1, 2, ..., 6 times 10 ms as the machine slows down, candidate 2
// always 5 % more. The paired ratio is 1.05 in every round, whatever the drift.
TEST(Ranking, pairs_what_ran_in_the_same_passes) {
  std::vector<Trial> trials = {passed_trial(0, 0, 0.005, TrialStage::kScreening)};
  for (int64_t pass = 1; pass <= 6; ++pass) {
    const double seconds = 0.01 * static_cast<double>(pass);
    trials.push_back(passed_trial(2, pass, 1.05 * seconds));
    trials.push_back(passed_trial(1, pass, seconds));
  }
  const auto ranking = rank_candidates(kCells, trials);
  // Candidate 0 was faster, once and before the machine slowed down: it did not stay.
  ASSERT_THAT(order(ranking), ElementsAre(1, 2, 0));
  EXPECT_NEAR(ranking[0].samples_per_second, 1 / 0.035, 1e-9);  // median of 10, ..., 60 ms
  ASSERT_TRUE(ranking[0].interval);
  EXPECT_NEAR(ranking[0].interval->low, 1 / 0.06, 1e-9);  // of six rounds the range
  EXPECT_NEAR(ranking[0].interval->high, 1 / 0.01, 1e-9);
  EXPECT_FALSE(ranking[0].slower);
  ASSERT_TRUE(ranking[1].slower && ranking[1].slower->interval);
  EXPECT_NEAR(ranking[1].slower->ratio, 1.05, 1e-9);
  EXPECT_NEAR(ranking[1].slower->interval->low, 1.05, 1e-9);
  EXPECT_TRUE(ranking[1].told_apart());
  EXPECT_FALSE(ranking[2].slower);
  EXPECT_FALSE(ranking[2].told_apart());
}

// Candidate 1 was in a pass more, in which the machine was slow: its median over all three is 1.2,
// over the two common passes 1.1, and that of candidate 2 is 1.15.
TEST(Ranking, compares_finalists_in_their_common_passes_alone) {
  const auto ranking = rank_candidates(
      kCells, {passed_trial(1, 0, 9), passed_trial(2, 1, 1.05), passed_trial(1, 1, 1.0),
               passed_trial(1, 2, 1.2), passed_trial(2, 2, 1.25)});
  EXPECT_THAT(order(ranking), ElementsAre(1, 2));
}

TEST(Ranking, a_pass_that_was_cut_short_does_not_decide) {
  const auto ranking = rank_candidates(
      kCells, {passed_trial(1, 1, 1.0), passed_trial(2, 1, 1.1), passed_trial(2, 2, 1.1),
               passed_trial(1, 2, 1.0), passed_trial(2, 3, 0.2)});
  EXPECT_EQ(order(ranking).front(), 1U);
}

TEST(Ranking, before_two_narrowing_passes_the_fastest_of_all_counts) {
  const auto ranking = rank_candidates(
      kCells, {passed_trial(0, 0, 2, TrialStage::kScreening),
               passed_trial(3, 0, 1, TrialStage::kScreening), passed_trial(0, 1, 2)});
  EXPECT_EQ(order(ranking).front(), 3U);
}

TEST(Ranking, what_failed_once_is_not_ranked) {
  const auto ranking = rank_candidates(
      kCells, {passed_trial(0, 0, 1), passed_trial(1, 0, 2), failed_trial(0, 1, Status::kCrashed)});
  EXPECT_THAT(order(ranking), ElementsAre(1));
}

}  // namespace
}  // namespace harness
