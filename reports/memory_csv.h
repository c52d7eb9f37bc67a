#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// memory.csv: a row a cell. The bytes by category are those at the measured peak where there is
/// one, else at the planned peak.
std::string memory_csv(const harness::RunAnalysis& analysis);

}  // namespace reports
