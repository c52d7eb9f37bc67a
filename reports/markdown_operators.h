#pragma once

#include <string>
#include <vector>

#include "harness/analysis/operator_time.h"

namespace reports {

/// Section of report.md: the operators of each traced step by time. `axes`: names of the values in
/// the cells' axes. Empty where nothing was traced.
std::string operator_section(const std::vector<harness::TracedCell>& cells,
                             const std::vector<std::string>& axes);

}  // namespace reports
