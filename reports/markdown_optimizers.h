#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// Section of report.md: what each optimizer brings by itself. Empty where the sweep has one.
std::string optimizer_section(const harness::RunAnalysis& analysis);

}  // namespace reports
