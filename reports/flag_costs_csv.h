#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// flag_costs.csv: a row for every flag set at every micro-batch that also ran without flags.
std::string flag_costs_csv(const harness::RunAnalysis& analysis);

}  // namespace reports
