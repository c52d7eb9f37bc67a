#include "harness/analysis/rate_interval.h"

namespace harness {

std::optional<Interval> rate_interval(std::span<const RoundTime> rounds) {
  if (rounds.empty()) return std::nullopt;
  const std::optional<Interval> seconds = median_interval(seconds_of(rounds));
  return seconds ? std::optional(Interval{1 / seconds->high, 1 / seconds->low}) : std::nullopt;
}

}  // namespace harness
