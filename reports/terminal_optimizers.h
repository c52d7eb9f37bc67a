#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// What each optimizer brings by itself, one block a group. Empty where the sweep has one.
std::string terminal_optimizers(const harness::RunAnalysis& analysis, bool colour);

}  // namespace reports
