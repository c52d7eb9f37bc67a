#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/run_info.h"

namespace reports {

/// Sections of report.md that answer the sweep's questions. Each starts with its heading and ends
/// with an empty line; one without content is empty.
std::string speedup_section(const harness::RunInfo& info, const harness::RunAnalysis& analysis);
std::string requirement_section(const harness::RunInfo& info, const harness::RunAnalysis& analysis);
std::string cost_section(const harness::RunAnalysis& analysis);
std::string projection_section(const harness::RunInfo& info, const harness::RunAnalysis& analysis);

}  // namespace reports
