#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"
#include "reports/run_tables.h"

namespace reports {

/// report.html: the run as one file that loads nothing, with tables, plots and every record.
/// `tables`: run_tables().
std::string html_report(const harness::RunInfo& info, const std::vector<harness::Record>& records,
                        const harness::RunAnalysis& analysis, const std::vector<RunTable>& tables);

}  // namespace reports
