#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/analysis/statistics.h"
#include "harness/analysis/throughput.h"
#include "harness/protocol/cell.h"
#include "harness/tuning/trial.h"

namespace harness {

/// A candidate that passed every trial it had.
struct RankedCandidate {
  std::size_t candidate = 0;
  std::vector<RoundTime> rounds;
  double samples_per_second = 0;     ///< 1 / median over the rounds
  std::optional<Interval> interval;  ///< of it, exact 95 %; none below 6 rounds
  /// Its time over that of the first in the passes that both were in; none for the first, and for
  /// those that never ran beside it.
  std::optional<TimeRatio> slower;

  /// Whether the paired rounds prove that it is slower than the first.
  bool told_apart() const { return slower && slower->interval && slower->interval->low > 1; }
};

/// The answer, then the others: those that stayed longest in the narrowing first, of these the
/// fastest first. The answer is the fastest of the finalists in the passes that they have in
/// common. Where the search ended before its second narrowing pass, the fastest of all.
/// Empty where nothing passed.
std::vector<RankedCandidate> rank_candidates(const std::vector<Cell>& candidates,
                                             const std::vector<Trial>& trials);

}  // namespace harness
