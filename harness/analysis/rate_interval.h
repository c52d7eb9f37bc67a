#pragma once

#include <optional>
#include <span>

#include "harness/analysis/statistics.h"
#include "harness/analysis/throughput.h"

namespace harness {

/// Exact 95 % interval of samples_per_second(rounds); none below 6 rounds.
std::optional<Interval> rate_interval(std::span<const RoundTime> rounds);

}  // namespace harness
