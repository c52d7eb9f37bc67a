#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// "3 of 4 rounds passed (3.200 samples/s): no answer within 300 s", of a cell that
/// left_out().
std::string left_out_text(const harness::CellSummary& cell);

/// A line for every cell of the run that rounds of passed and that yet enters no ×: what it is,
/// its status and left_out_text(). In sweep order.
std::vector<std::string> left_out_lines(const harness::RunAnalysis& analysis);

}  // namespace reports
