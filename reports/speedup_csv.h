#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// speedup.csv: a row for every axes value, micro-batch and candidate.
std::string speedup_csv(const harness::RunAnalysis& analysis);

}  // namespace reports
