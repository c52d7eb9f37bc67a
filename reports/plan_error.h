#pragma once

#include <optional>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// How far a cell's measured peak, without what libraries took for themselves, is above its planned
/// one, as a part of the latter; none where one of them is not known.
std::optional<double> plan_error(const harness::CellSummary& cell);

/// A plan that misses by more is not to be trusted for memory sizes that were not measured.
inline constexpr double kTrustedPlanError = 0.02;

}  // namespace reports
