#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/analysis/noise.h"
#include "harness/protocol/cell.h"
#include "harness/tuning/trial.h"

namespace harness {

/// Screened cells beyond one a term of the cost model, so that the fit can see how far it is off.
inline constexpr std::size_t kSpareScreening = 2;
/// Cells measured because the model says that they may be the fastest, at most.
inline constexpr std::size_t kMostExplored = 16;
/// Cells that stay next to each other up to the last pass: the answer and two runners-up.
inline constexpr std::size_t kFinalists = 3;
/// A measured cell that is slower than the best by more than this, in log seconds, is not measured
/// again: rounds that differ by more are not trusted at all.
inline constexpr double kOutOfReach = kNoiseBound;

/// Candidates that run once each, one after the other.
struct TrialPass {
  int64_t number = 0;  ///< from 0; the `round` of its records
  TrialStage stage = TrialStage::kScreening;
  std::vector<std::size_t> candidates;  ///< in launch order
};

struct SearchRules {
  int64_t rounds = 6;  ///< narrowing passes: the paired rounds of the finalists
  uint64_t seed = 1;   ///< of the launch order
};

/// Trials that a search may take: a quarter of those that measuring every candidate would; more
/// where that does not reach for the screening and for pairing the two fastest, and never more than
/// measuring them all.
int64_t trial_limit(const std::vector<Cell>& candidates, int64_t rounds);

/// What to measure next, none when the search is over. Depends on nothing but its arguments.
/// `trials` are all passes so far, each whole; `trials_left` is how many more there may be.
///
/// First the screening. Then the exploration, in two passes between which the model is fitted
/// again: candidates that may be faster than the best so far, as far as the trials left reach. Then
/// `rules.rounds` narrowing passes over the fastest: half as many of them every time down to
/// kFinalists, fewer where the trials left need it; forwards and backwards in turn.
std::optional<TrialPass> next_pass(const std::vector<Cell>& candidates,
                                   const std::vector<Trial>& trials, const SearchRules& rules,
                                   int64_t trials_left);

}  // namespace harness
