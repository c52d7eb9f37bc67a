#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// A line for every cell of the run that rounds of passed and that yet enters no ×: what it is,
/// its status, how many rounds passed at which rate, and why that is not enough. In sweep order.
std::vector<std::string> left_out_lines(const harness::RunAnalysis& analysis);

}  // namespace reports
