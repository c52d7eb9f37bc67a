#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/analysis/statistics.h"
#include "harness/protocol/record.h"

namespace harness {

/// What one round says about a cell. The unit of replication is the process: samples within one are
/// not independent, so they become one median here and are never pooled.
struct RoundTime {
  int64_t round = 0;
  double seconds_per_sequence = 0;
  bool operator==(const RoundTime&) const = default;
};

/// Whether one of `rounds` is round number `round`.
bool has_round(const std::vector<RoundTime>& rounds, int64_t round);

/// Median sample of a passed record, a sequence.
/// Throws HarnessError where the record has no samples, a sample that is not a positive finite
/// number, or no sequences: it cannot have passed.
RoundTime round_time(const Record& record);

/// The rounds' seconds a sequence, in their order.
std::vector<double> seconds_of(std::span<const RoundTime> rounds);

/// 1 / median over the rounds; none without rounds.
std::optional<double> samples_per_second(std::span<const RoundTime> rounds);

/// How many times the time of `denominator` the time of `numerator` is.
struct TimeRatio {
  double ratio = 1;                  ///< exp(median of the paired log ratios)
  std::optional<Interval> interval;  ///< 95 %, none below 6 common rounds
};

/// Ratio over the rounds that both have; none where they have none in common.
/// Both are ordered by round, each round once.
std::optional<TimeRatio> time_ratio(std::span<const RoundTime> numerator,
                                    std::span<const RoundTime> denominator);

}  // namespace harness
