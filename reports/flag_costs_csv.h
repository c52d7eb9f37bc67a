#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// flag_costs.csv: a row for every flag set at every micro-batch that also ran without flags. See
/// harness::FlagCost for what each number is relative to.
std::string flag_costs_csv(const harness::RunAnalysis& analysis);

}  // namespace reports
