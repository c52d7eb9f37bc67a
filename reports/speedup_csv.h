#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// speedup.csv: a row for every axes value, micro-batch and candidate. A side that did not pass has
/// no rate; how many of its rounds passed, how far these spread (harness::relative_spread()), why
/// the side did not pass and whether its peak is measured or planned stand in the last columns.
std::string speedup_csv(const harness::RunAnalysis& analysis);

}  // namespace reports
