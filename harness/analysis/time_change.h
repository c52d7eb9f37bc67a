#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "harness/analysis/throughput.h"
#include "harness/analysis/verdict.h"

namespace harness {

/// Paired rounds from which a median has a 95 % interval at all, see median_interval().
inline constexpr int64_t kFewestPairs = 6;

/// How the time of a step changed, from rounds of both sides that ran next to each other.
struct TimeChange {
  int64_t pairs = 0;
  double ratio = 1;                  ///< after over before: exp(median of the paired log ratios)
  std::optional<Interval> interval;  ///< of the ratio, exact, 95 %; none below kFewestPairs
  double budget = 0;                 ///< how much slower is allowed, as a fraction
  Verdict verdict = Verdict::kInconclusive;
};

/// Judges the rounds that both have, at least one; none where they have none in common.
/// Failed: the whole interval lies above 1 and the ratio above 1 + budget; improved: the same of
/// before over after. Else inconclusive where the interval could hide a change of the budget: half
/// of its width, as a log ratio, is above log(1 + budget), or there is no interval.
std::optional<TimeChange> judge_time(std::span<const RoundTime> before,
                                     std::span<const RoundTime> after, double budget);

/// Why the time did not pass, one line; empty where it passed or improved.
std::string reason_of(const TimeChange& change);

}  // namespace harness
