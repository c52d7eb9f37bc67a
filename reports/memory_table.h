#pragma once

#include "harness/analysis/run_analysis.h"
#include "reports/table.h"

namespace reports {

/// memory.csv: a row a cell. The bytes by category are those at the measured peak where there is
/// one, else at the planned peak.
Table memory_table(const harness::RunAnalysis& analysis);

}  // namespace reports
