#pragma once

#include "harness/analysis/run_analysis.h"
#include "reports/table.h"

namespace reports {

/// flag_requirements.csv: a row for every range of micro-batches that needs the same flags.
Table flag_requirements_table(const harness::RunAnalysis& analysis);

}  // namespace reports
