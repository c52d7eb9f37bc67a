#pragma once

#include <string>
#include <vector>

#include "harness/analysis/operator_time.h"
#include "reports/table.h"

namespace reports {

/// operators.csv: every row of every trace, and one row for a trace that failed. `axes`: names of
/// the axes that have columns.
Table operators_table(const std::vector<harness::TracedCell>& cells,
                      const std::vector<std::string>& axes);

}  // namespace reports
