#include "harness/tuning/ranking.h"

#include <algorithm>

#include "harness/tuning/trial_history.h"

namespace harness {
namespace {

using Indices = std::vector<std::size_t>;

/// Those that were in the last narrowing pass or, where that was cut short, in the one before.
Indices finalists(const TrialHistory& history, const Indices& ranked) {
  const int64_t most = history.narrowing_passes(ranked.front());
  if (most < 2) return ranked;
  Indices result;
  for (const std::size_t i : ranked) {
    if (history.narrowing_passes(i) >= most - 1) result.push_back(i);
  }
  return result;
}

/// Median over the rounds whose passes all of `others` were in too; over all where there are none.
double common_median(const TrialHistory& history, std::size_t candidate, const Indices& others) {
  std::vector<double> seconds;
  for (const RoundTime& round : history.rounds(candidate)) {
    const bool common = std::all_of(others.begin(), others.end(), [&](std::size_t other) {
      return has_round(history.rounds(other), round.round);
    });
    if (common) seconds.push_back(round.seconds_per_sequence);
  }
  return median(seconds.empty() ? seconds_of(history.rounds(candidate)) : seconds);
}

RankedCandidate describe(const TrialHistory& history, std::size_t candidate) {
  RankedCandidate ranked;
  ranked.candidate = candidate;
  ranked.rounds = history.rounds(candidate);
  const std::vector<double> seconds = seconds_of(ranked.rounds);
  ranked.samples_per_second = 1 / median(seconds);
  if (const auto interval = median_interval(seconds)) {
    ranked.interval = Interval{1 / interval->high, 1 / interval->low};
  }
  return ranked;
}

}  // namespace

std::vector<RankedCandidate> rank_candidates(const std::vector<Cell>& candidates,
                                             const std::vector<Trial>& trials) {
  const TrialHistory history(candidates, trials);
  Indices order = history.measured();
  if (order.empty()) return {};
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const int64_t passes_of_a = history.narrowing_passes(a);
    const int64_t passes_of_b = history.narrowing_passes(b);
    if (passes_of_a != passes_of_b) return passes_of_a > passes_of_b;
    return history.log_seconds(a) < history.log_seconds(b);
  });
  const Indices last = finalists(history, order);
  // Without a second narrowing pass nothing was paired twice: rounds of all passes count.
  const bool paired = history.narrowing_passes(order.front()) >= 2;
  const auto time_of = [&](std::size_t i) {
    return paired ? common_median(history, i, last) : history.log_seconds(i);
  };
  const std::size_t answer =
      *std::min_element(last.begin(), last.end(),
                        [&](std::size_t a, std::size_t b) { return time_of(a) < time_of(b); });
  std::vector<RankedCandidate> ranking = {describe(history, answer)};
  for (const std::size_t i : order) {
    if (i == answer) continue;
    ranking.push_back(describe(history, i));
    ranking.back().slower = time_ratio(history.rounds(i), history.rounds(answer));
  }
  return ranking;
}

}  // namespace harness
