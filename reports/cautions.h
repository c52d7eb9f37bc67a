#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// A plan that misses the peak, or what the allocator holds for it, by more is not to be trusted
/// for memory sizes that were not measured.
inline constexpr double kTrustedPlanError = 0.02;

/// What a reader must know before a number of the run is used, a sentence each: that its machine
/// was disturbed (rounds of cells disagree), that its plan was wrong (kTrustedPlanError), and that
/// it is not whole (cells lack rounds, or were not started, though the plan lets them run). Empty
/// for a run that is whole and trusted.
std::vector<std::string> cautions(const harness::RunAnalysis& analysis);

}  // namespace reports
