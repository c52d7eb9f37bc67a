#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/run_info.h"

namespace reports {

/// The speedup table, one block a group, and the published one beside ours where there is one.
std::string terminal_speedup(const harness::RunInfo& info, const harness::RunAnalysis& analysis,
                             bool colour);

}  // namespace reports
