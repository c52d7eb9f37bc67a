#include "harness/tuning/search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tuning/trial_history.h"
#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

using testing::ElementsAre;

/// Seconds a sequence without noise: fused takes half the time, activation_checkpoint 30 % more,
/// every other flag 4 %, and small micro-batches more.
double exact_seconds(const Cell& cell) {
  double seconds = cell.implementation == "fused" ? 0.01 : 0.02;
  for (const std::string& flag : cell.flags) {
    seconds *= flag == "activation_checkpoint" ? 1.3 : 1.04;
  }
  return seconds * (1 + 0.5 / static_cast<double>(cell.micro_batch));
}

struct Searched {
  std::vector<Trial> trials;
  std::vector<TrialPass> passes;

  std::vector<std::size_t> sizes_of(TrialStage stage) const {
    std::vector<std::size_t> sizes;
    for (const TrialPass& pass : passes) {
      if (pass.stage == stage) sizes.push_back(pass.candidates.size());
    }
    return sizes;
  }
};

/// Runs a whole search; `fail` gives the status of what does not pass.
Searched run_search(
    const std::vector<Cell>& cells, const SearchRules& rules, int64_t limit,
    const std::function<Status(const Cell&)>& status = [](const Cell&) {
      return Status::kPassed;
    }) {
  Searched result;
  while (const auto pass = next_pass(cells, result.trials, rules,
                                     limit - static_cast<int64_t>(result.trials.size()))) {
    result.passes.push_back(*pass);
    for (const std::size_t candidate : pass->candidates) {
      const Cell& cell = cells[candidate];
      const Trial trial = {candidate, pass->stage, pass->number, status(cell), exact_seconds(cell)};
      result.trials.push_back(trial);
    }
    if (result.passes.size() > 1000) throw std::logic_error("the search does not end");
  }
  return result;
}

TEST(Search, screens_explores_and_narrows_in_this_order) {
  const auto cells = small_grid();
  const auto searched = run_search(cells, {}, trial_limit(cells, 6));
  std::vector<TrialStage> stages;
  for (const TrialPass& pass : searched.passes) stages.push_back(pass.stage);
  EXPECT_TRUE(std::is_sorted(stages.begin(), stages.end()));
  EXPECT_EQ(stages.front(), TrialStage::kScreening);
  EXPECT_EQ(searched.sizes_of(TrialStage::kScreening).front(), 8U + kSpareScreening);
  EXPECT_EQ(searched.sizes_of(TrialStage::kNarrowing).size(), 6U);
  for (std::size_t i = 0; i < searched.passes.size(); ++i) {
    EXPECT_EQ(searched.passes[i].number, static_cast<int64_t>(i));
  }
}

TEST(Search, takes_at_most_a_quarter_of_the_grid) {
  const auto cells = small_grid();
  EXPECT_EQ(trial_limit(cells, 6), 24 * 6 / 4);
  const auto searched = run_search(cells, {}, trial_limit(cells, 6));
  EXPECT_LE(searched.trials.size(), 24U * 6 / 4);
}

// 4 cells: 3 terms and 2 spare to screen, 2 x 6 to pair; measuring all takes 24.
TEST(Search, small_grids_take_what_pairing_needs_and_never_more_than_all) {
  const std::vector<Cell> four = {tuning_cell("fused", 2), tuning_cell("fused", 4),
                                  tuning_cell("fused", 8), tuning_cell("fused", 12)};
  EXPECT_EQ(trial_limit(four, 6), 17);
  EXPECT_EQ(trial_limit({four[0]}, 6), 6);
  EXPECT_EQ(trial_limit({}, 6), 0);
}

TEST(Search, the_last_passes_hold_the_fastest_side_by_side) {
  const auto cells = small_grid();
  const auto searched = run_search(cells, {}, trial_limit(cells, 6));
  const auto& last = searched.passes.back().candidates;
  const auto fastest =
      static_cast<std::size_t>(std::min_element(cells.begin(), cells.end(),
                                                [](const Cell& a, const Cell& b) {
                                                  return exact_seconds(a) < exact_seconds(b);
                                                }) -
                               cells.begin());
  EXPECT_THAT(last, testing::Contains(fastest));
  EXPECT_GE(last.size(), 2U);
  const TrialHistory history(cells, searched.trials);
  for (const std::size_t i : last) EXPECT_EQ(history.narrowing_passes(i), 6);
}

TEST(Search, turns_the_order_round_from_pass_to_pass) {
  const auto cells = small_grid();
  const auto searched = run_search(cells, {}, trial_limit(cells, 6));
  auto last = searched.passes.back().candidates;
  const auto& before = searched.passes[searched.passes.size() - 2].candidates;
  std::reverse(last.begin(), last.end());
  EXPECT_EQ(last, before);
}

TEST(Search, depends_on_nothing_but_its_seed_and_trials) {
  const auto cells = small_grid();
  const auto order = [&](uint64_t seed) {
    return next_pass(cells, {}, {6, seed}, 100)->candidates;
  };
  EXPECT_EQ(order(7), order(7));
  EXPECT_NE(order(7), order(8));
  const auto as_set = [](const std::vector<std::size_t>& v) {
    return std::set<std::size_t>(v.begin(), v.end());
  };
  EXPECT_EQ(as_set(order(7)), as_set(order(8)));  // the seed orders, it does not choose
}

TEST(Search, replaces_what_failed_in_the_screening) {
  const auto cells = small_grid();
  const auto searched = run_search(cells, {}, trial_limit(cells, 6), [](const Cell& cell) {
    const bool fails = cell.implementation == "fused" && cell.micro_batch == 2;
    return fails ? Status::kCrashed : Status::kPassed;
  });
  const TrialHistory history(cells, searched.trials);
  EXPECT_EQ(history.passed_in(TrialStage::kScreening).size(), 8U + kSpareScreening);
  EXPECT_EQ(history.narrowing_passes(searched.passes.back().candidates.front()), 6);
}

TEST(Search, ends_where_nothing_passes) {
  const auto cells = small_grid();
  const auto searched = run_search(cells, {}, 1000, [](const Cell&) { return Status::kCrashed; });
  EXPECT_EQ(searched.trials.size(), cells.size());
}

TEST(Search, goes_on_with_others_where_a_finalist_fails) {
  const auto cells = small_grid();
  int runs = 0;
  const auto searched = run_search(cells, {}, trial_limit(cells, 6), [&](const Cell& cell) {
    const bool best =
        cell.implementation == "fused" && cell.micro_batch == 12 && cell.flags.empty();
    return best && ++runs > 2 ? Status::kTimedOut : Status::kPassed;
  });
  const TrialHistory history(cells, searched.trials);
  const auto& last = searched.passes.back().candidates;
  EXPECT_EQ(history.narrowing_passes(last.front()), 6);
  for (const std::size_t i : last) EXPECT_FALSE(history.out(i));
}

// With 12 trials left after the screening, 6 passes of two cells fit and nothing is explored.
TEST(Search, few_trials_go_into_pairing_the_fastest) {
  const auto cells = small_grid();
  const auto searched = run_search(cells, {}, 10 + 12);
  EXPECT_THAT(searched.sizes_of(TrialStage::kNarrowing), ElementsAre(2, 2, 2, 2, 2, 2));
}

TEST(Search, without_trials_left_there_is_no_pass) {
  EXPECT_EQ(next_pass(small_grid(), {}, {}, 0), std::nullopt);
  EXPECT_EQ(next_pass({}, {}, {}, 100), std::nullopt);
}

// Slower by more than 15 %: the rounds go to one cell alone, so that it has an interval.
TEST(Search, does_not_pair_what_is_out_of_reach) {
  const std::vector<Cell> cells = {tuning_cell("fused", 8), tuning_cell("pytorch_eager", 8)};
  const auto searched = run_search(cells, {}, trial_limit(cells, 6));
  EXPECT_THAT(searched.sizes_of(TrialStage::kNarrowing), ElementsAre(1, 1, 1, 1, 1, 1));
  EXPECT_THAT(searched.passes.back().candidates, ElementsAre(0));
}

}  // namespace
}  // namespace harness
