#pragma once

#include "harness/analysis/run_analysis.h"
#include "reports/table.h"

namespace reports {

/// flag_costs.csv: a row for every flag set at every micro-batch that also ran without flags. See
/// harness::FlagCost for what each number is relative to.
Table flag_costs_table(const harness::RunAnalysis& analysis);

}  // namespace reports
