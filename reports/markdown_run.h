#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"

namespace reports {

/// Sections of report.md that say what ran, where, and what became of it.
std::string heading_section(const harness::RunInfo& info, const harness::RunAnalysis& analysis);
std::string memory_section(const harness::RunAnalysis& analysis);
std::string status_section(const harness::RunAnalysis& analysis);
/// Every value of the records' `environment` and `build`, those that differ between records side by
/// side.
std::string environment_section(const std::vector<harness::Record>& records);

}  // namespace reports
