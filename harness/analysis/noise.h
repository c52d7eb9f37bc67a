#pragma once

#include <optional>
#include <span>
#include <string>

#include "harness/analysis/throughput.h"

namespace harness {

/// Rounds that spread further than this around their median, as relative_spread() measures it, say
/// too little about the cell: a comparison is then as wide as what it is to tell apart. For
/// normally distributed rounds 15 % is a standard deviation of 22 % (a factor of 1.48), and the
/// median of six of them is off by 11 % (1.25 x 22 % / sqrt(6)), more than half of the speedups
/// that the sweeps look for. Rounds on a machine that does nothing else stay below 3 %; rounds that
/// shared their processors with another job for half of the time reach 50 % and more.
inline constexpr double kNoiseBound = 0.15;

/// Median absolute deviation of the rounds from their median, as a part of it: half of the rounds
/// are at least that far off. None below two rounds, which cannot disagree.
///
/// Not the width of the median's interval, which below nine rounds is the range: one round that met
/// another job would take a cell away whose median, and whose ratios' median, hardly notice it.
/// Such a round shows in the interval of the speedup.
std::optional<double> relative_spread(std::span<const RoundTime> rounds);

/// Why the rounds cannot be trusted, one line; none where they spread at most kNoiseBound.
std::optional<std::string> noise_reason(std::span<const RoundTime> rounds);

}  // namespace harness
