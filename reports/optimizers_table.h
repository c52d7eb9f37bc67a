#pragma once

#include "harness/analysis/run_analysis.h"
#include "reports/table.h"

namespace reports {

/// optimizers.csv: a row for every cell that another optimizer than the sweep's first trained, over
/// the cell that differs from it in nothing else. The speedup is of whole steps.
Table optimizers_table(const harness::RunAnalysis& analysis);

}  // namespace reports
