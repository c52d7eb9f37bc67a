#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/analysis/gate_result.h"
#include "harness/analysis/statistics.h"

namespace harness {

/// How many of how many, with what the rate behind it may be.
struct Proportion {
  int64_t count = 0;
  int64_t of = 0;
  std::optional<Interval> interval;  ///< exact (Clopper and Pearson 1934), 95 %; none of nothing

  std::optional<double> rate() const;  ///< count / of; none of nothing
};

/// Throws std::invalid_argument unless 0 <= count <= of.
Proportion proportion(int64_t count, int64_t of);

/// What a gate of a build against itself says about the gate: every alarm is a false one. Counts
/// are of cells whose time was judged.
struct SelfTest {
  Proportion alarms;        ///< failed by time when first measured
  Proportion false_alarms;  ///< failed by time twice: what a gate would have reported
  Proportion inconclusive;
  Proportion failed_gates;  ///< gates of which any cell failed twice, of all gates
  /// One-sidedness: cells whose first ratio is above 1, of those where it is not 1. Far from one
  /// half, something other than chance tells the sides apart.
  Proportion slower;
};

SelfTest evaluate_self_test(const std::vector<GateResult>& gates);

}  // namespace harness
