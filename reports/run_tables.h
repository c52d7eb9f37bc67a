#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/run_info.h"
#include "reports/table.h"

namespace reports {

/// A table of a run and the CSV file that it is written to.
struct RunTable {
  std::string file;   ///< "speedup.csv"
  std::string title;  ///< what a row is about
  Table table;
};

/// speedup.csv, flag_requirements.csv, flag_costs.csv and memory.csv; of a run with several
/// optimizers optimizers.csv; of one with traces operators.csv.
std::vector<RunTable> run_tables(const harness::RunInfo& info,
                                 const harness::RunAnalysis& analysis);

}  // namespace reports
