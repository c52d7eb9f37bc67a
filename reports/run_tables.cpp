#include "reports/run_tables.h"

#include "harness/analysis/operator_time.h"
#include "reports/flag_costs_table.h"
#include "reports/flag_requirements_table.h"
#include "reports/memory_table.h"
#include "reports/operators_table.h"
#include "reports/optimizers_table.h"
#include "reports/speedup_table.h"

namespace reports {

std::vector<RunTable> run_tables(const harness::RunInfo& info,
                                 const harness::RunAnalysis& analysis) {
  std::vector<RunTable> tables = {
      {"speedup.csv", "Every candidate and flag set",
       speedup_table(analysis.axes, analysis.speedups)},
      {"flag_requirements.csv", "What each range of micro-batches needs",
       flag_requirements_table(analysis)},
      {"flag_costs.csv", "Every flag set at every micro-batch", flag_costs_table(analysis)},
      {"memory.csv", "Every cell", memory_table(analysis)},
  };
  if (!analysis.optimizers.empty()) {
    tables.push_back({"optimizers.csv", "Every cell and optimizer", optimizers_table(analysis)});
  }
  if (!info.traces.empty()) {
    tables.push_back({"operators.csv", "Every operator of every trace",
                      operators_table(harness::rank_operators(info), analysis.axes)});
  }
  return tables;
}

}  // namespace reports
