#pragma once

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/run_info.h"
#include "reports/headline.h"
#include "reports/html/cell_numbers.h"
#include "reports/html/html_table.h"
#include "reports/run_tables.h"

namespace reports {

/// The rows of speedup.csv that `headline` shows, with what was published beside them. Where a side
/// has no rate its status stands in its place; † marks an × over the best rate of a baseline that
/// is out of memory.
HtmlTable headline_speedups(const harness::RunInfo& info, const harness::RunAnalysis& analysis,
                            const HeadlineTable& headline, const CellNumbers& numbers);

/// What was published about flags beside what the plan says; without rows where nothing was.
HtmlTable published_requirements(const harness::RunInfo& info,
                                 const harness::RunAnalysis& analysis);

/// All of a CSV file, which the caption names, each row with a link where it is about one cell.
HtmlTable whole_table(const RunTable& table, const CellNumbers& numbers);

}  // namespace reports
