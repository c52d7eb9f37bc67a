#pragma once

#include <string>

#include "harness/analysis/run_analysis.h"

namespace reports {

/// flag_requirements.csv: a row for every range of micro-batches that needs the same flags.
std::string flag_requirements_csv(const harness::RunAnalysis& analysis);

}  // namespace reports
