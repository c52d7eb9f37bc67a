#include "harness/analysis/time_change.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/analysis/percent_text.h"

namespace harness {
namespace {

/// Rounds that both have; each is ordered by round.
int64_t count_pairs(std::span<const RoundTime> before, std::span<const RoundTime> after) {
  const auto by_round = [](const RoundTime& a, const RoundTime& b) { return a.round < b.round; };
  return std::count_if(after.begin(), after.end(), [&](const RoundTime& round) {
    return std::binary_search(before.begin(), before.end(), round, by_round);
  });
}

/// Half of the interval's width, as a log ratio.
double half_width(const Interval& interval) {
  return (std::log(interval.high) - std::log(interval.low)) / 2;
}

Verdict verdict_of(const TimeChange& change) {
  if (!change.interval) return Verdict::kInconclusive;
  const double limit = 1 + change.budget;
  if (change.interval->low > 1 && change.ratio > limit) return Verdict::kFailed;
  if (change.interval->high < 1 && 1 / change.ratio > limit) return Verdict::kImproved;
  return half_width(*change.interval) > std::log(limit) ? Verdict::kInconclusive : Verdict::kPassed;
}

}  // namespace

std::optional<TimeChange> judge_time(std::span<const RoundTime> before,
                                     std::span<const RoundTime> after, double budget) {
  const std::optional<TimeRatio> ratio = time_ratio(after, before);
  if (!ratio) return std::nullopt;
  TimeChange change;
  change.pairs = count_pairs(before, after);
  change.ratio = ratio->ratio;
  change.interval = ratio->interval;
  change.budget = budget;
  change.verdict = verdict_of(change);
  return change;
}

std::string reason_of(const TimeChange& change) {
  if (change.verdict == Verdict::kFailed) {
    return fmt::format("a step takes {} ({} to {}), the budget is {}", change_text(change.ratio),
                       change_text(change.interval->low), change_text(change.interval->high),
                       percent_text(change.budget));
  }
  if (change.verdict != Verdict::kInconclusive) return "";
  if (!change.interval) {
    return fmt::format("{} paired rounds are too few for an interval; give at least {}",
                       change.pairs, kFewestPairs);
  }
  return fmt::format(
      "the interval of the time, {} to {}, is wider than the budget of {} either way: measure with "
      "more rounds or on a quieter machine",
      change_text(change.interval->low), change_text(change.interval->high),
      percent_text(change.budget));
}

}  // namespace harness
