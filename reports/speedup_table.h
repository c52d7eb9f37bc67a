#pragma once

#include <string>
#include <vector>

#include "harness/analysis/speedup.h"
#include "reports/table.h"

namespace reports {

/// speedup.csv: a row for every axes value, micro-batch and candidate. A side that did not pass has
/// no rate; how many of its rounds passed, how far these spread (harness::relative_spread()), why
/// the side did not pass and whether its peak is measured or planned stand in the last columns.
/// `axes`: names of the axes that have columns.
Table speedup_table(const std::vector<std::string>& axes,
                    const std::vector<harness::SpeedupRow>& rows);

}  // namespace reports
