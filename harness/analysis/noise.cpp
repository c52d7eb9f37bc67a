#include "harness/analysis/noise.h"

#include <fmt/format.h>

#include "harness/analysis/statistics.h"

namespace harness {

std::optional<double> relative_spread(std::span<const RoundTime> rounds) {
  if (rounds.size() < 2) return std::nullopt;
  const std::vector<double> seconds = seconds_of(rounds);
  return median_absolute_deviation(seconds) / median(seconds);
}

std::optional<std::string> noise_reason(std::span<const RoundTime> rounds) {
  const std::optional<double> spread = relative_spread(rounds);
  if (!spread || *spread <= kNoiseBound) return std::nullopt;
  return fmt::format(
      "half of the rounds are {:.1f} % or more off their median, bound {:.0f} %: measure again on "
      "a "
      "quieter machine",
      100 * *spread, 100 * kNoiseBound);
}

}  // namespace harness
