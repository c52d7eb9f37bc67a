// The tuner over many made-up landscapes: whole searches without a process or a clock.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/tuning/ranking.h"
#include "harness/tuning/search.h"
#include "tests/harness/tuning/tuning_cells.h"

namespace harness {
namespace {

constexpr int kLandscapes = 200;
constexpr double kNoise = 0.02;  ///< of a round, in log seconds

/// 136 cells: two implementations with 2 flag sets and one with 13, at 8 micro-batches.
std::vector<Cell> grid() {
  std::vector<std::vector<std::string>> sets = {{}, {"activation_checkpoint"}};
  for (const char* attention : {"", "attn_dropout_checkpoint", "flash_attention"}) {
    for (const bool normalize : {false, true}) {
      for (const bool gelu : {false, true}) {
        std::vector<std::string> set;
        if (normalize) set.emplace_back("normalize_invertible");
        if (gelu) set.emplace_back("gelu_checkpoint");
        if (attention[0] != '\0') set.emplace_back(attention);
        if (!set.empty()) sets.push_back(set);
      }
    }
  }
  std::vector<Cell> cells;
  for (const int64_t micro_batch : {1, 2, 3, 4, 6, 8, 12, 24}) {
    for (const char* name : {"pytorch_eager", "pytorch_tuned"}) {
      cells.push_back(tuning_cell(name, micro_batch));
      cells.push_back(tuning_cell(name, micro_batch, {"activation_checkpoint"}));
    }
    for (const auto& set : sets) cells.push_back(tuning_cell("fused", micro_batch, set));
  }
  return cells;
}

/// True times that the cost model does not quite have: flags cost each implementation something
/// else, every cell is off by a few percent of its own, large micro-batches may leave the cache,
/// and memory keeps large micro-batches of few flags away.
class Landscape {
 public:
  explicit Landscape(uint64_t seed) : random_(seed) {
    const double fused = 0.010 * between(0.7, 1.1);
    const double small = between(0, 1.5);
    const double cache = between(0, 0.02);
    const int64_t plain_limit = std::uniform_int_distribution<int64_t>(3, 24)(random_);
    std::map<std::string, double> costs = {{"normalize_invertible", between(-0.01, 0.03)},
                                           {"gelu_checkpoint", between(0.0, 0.08)},
                                           {"attn_dropout_checkpoint", between(0.0, 0.08)},
                                           {"flash_attention", between(-0.15, 0.1)},
                                           {"activation_checkpoint", between(0.2, 0.35)}};
    for (const Cell& cell : grid()) {
      const auto flags = static_cast<int64_t>(cell.flags.size());
      if (cell.micro_batch > plain_limit * (1 + flags)) continue;
      double log_seconds = std::log(cell.implementation == "fused"           ? fused
                                    : cell.implementation == "pytorch_tuned" ? 0.0125
                                                                             : 0.018);
      for (const std::string& flag : cell.flags) log_seconds += costs[flag];
      if (cell.implementation != "fused" && flags > 0) log_seconds += between(-0.05, 0.05);
      log_seconds += std::log1p(small / static_cast<double>(cell.micro_batch));
      log_seconds += cache * static_cast<double>(std::max<int64_t>(0, cell.micro_batch - 6));
      log_seconds += std::normal_distribution(0.0, 0.015)(random_);
      cells_.push_back(cell);
      log_seconds_.push_back(log_seconds);
    }
  }

  const std::vector<Cell>& cells() const { return cells_; }
  double seconds(std::size_t i) const { return std::exp(log_seconds_[i]); }
  double best() const {
    return std::exp(*std::min_element(log_seconds_.begin(), log_seconds_.end()));
  }
  /// One round, on a machine that becomes 5 % slower over a hundred trials.
  double measured(std::size_t i, std::size_t trial) {
    const double drift = 0.0005 * static_cast<double>(trial);
    return std::exp(log_seconds_[i] + drift + std::normal_distribution(0.0, kNoise)(random_));
  }

 private:
  double between(double low, double high) {
    return std::uniform_real_distribution(low, high)(random_);
  }

  std::mt19937_64 random_;
  std::vector<Cell> cells_;
  std::vector<double> log_seconds_;
};

struct Found {
  double regret = 0;          ///< how much slower the answer truly is than the best cell, a part
  double trials = 0;          ///< of what the whole grid takes, a part
  bool proven_wrong = false;  ///< a runner-up counted as slower is truly faster
};

Found tune(uint64_t seed) {
  Landscape landscape(seed);
  const auto& cells = landscape.cells();
  std::vector<Trial> trials;
  const int64_t limit = trial_limit(cells, 6);
  while (const auto pass =
             next_pass(cells, trials, {6, seed}, limit - static_cast<int64_t>(trials.size()))) {
    for (const std::size_t i : pass->candidates) {
      trials.push_back(
          passed_trial(i, pass->number, landscape.measured(i, trials.size()), pass->stage));
    }
  }
  const auto ranking = rank_candidates(cells, trials);
  const double answer = landscape.seconds(ranking.front().candidate);
  Found found;
  found.regret = answer / landscape.best() - 1;
  found.trials = static_cast<double>(trials.size()) / (6 * static_cast<double>(cells.size()));
  for (const RankedCandidate& other : ranking) {
    if (other.told_apart() && landscape.seconds(other.candidate) < answer) {
      found.proven_wrong = true;
    }
  }
  return found;
}

class Landscapes : public testing::Test {
 protected:
  static const std::vector<Found>& found() {
    static const std::vector<Found> all = [] {
      std::vector<Found> result;
      for (uint64_t seed = 1; seed <= kLandscapes; ++seed) result.push_back(tune(seed));
      return result;
    }();
    return all;
  }
  static int count(const std::function<bool(const Found&)>& matches) {
    return static_cast<int>(std::count_if(found().begin(), found().end(), matches));
  }
};

TEST_F(Landscapes, every_search_takes_at_most_a_quarter_of_the_trials) {
  EXPECT_EQ(count([](const Found& f) { return f.trials > 0.25; }), 0);
}

// Six rounds of 2 % noise have a 95 % interval that reaches about 2.5 % to both sides, so that two
// cells within 5 % overlap.
TEST_F(Landscapes, the_answer_is_the_best_cell_or_one_whose_interval_overlaps_it) {
  EXPECT_EQ(count([](const Found& f) { return f.regret > 0.05; }), 0);
}

// Here 191 and 114 of the 200; in 1,000 landscapes of other seeds 97 % and 66 %.
TEST_F(Landscapes, most_answers_are_within_a_round_s_noise_and_half_are_the_best_cell) {
  EXPECT_GE(count([](const Found& f) { return f.regret <= kNoise; }), kLandscapes * 92 / 100);
  EXPECT_GE(count([](const Found& f) { return f.regret == 0; }), kLandscapes / 2);
}

// All six rounds of a runner-up that is in truth no slower lie on one side in one of 64, and there
// are two runners-up: at most 3 %, were they all as fast as the answer. Most are slower.
TEST_F(Landscapes, what_counts_as_slower_is_slower) {
  EXPECT_LE(count([](const Found& f) { return f.proven_wrong; }), kLandscapes * 2 / 100);
}

}  // namespace
}  // namespace harness
