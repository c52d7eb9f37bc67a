#pragma once

#include <string>
#include <vector>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/fit_table.h"
#include "harness/analysis/flag_cost.h"
#include "harness/analysis/flag_requirement.h"
#include "harness/analysis/optimizer_effect.h"
#include "harness/analysis/speedup.h"
#include "harness/analysis/status_count.h"
#include "harness/protocol/catalog.h"

namespace harness {

/// Everything that the reports of a run say.
struct RunAnalysis {
  std::vector<std::string> axes;  ///< group_axes()
  std::vector<CellGroup> groups;
  std::vector<SpeedupRow> speedups;
  std::vector<FlagRequirement> requirements;
  std::vector<FlagCost> costs;
  std::vector<std::string> optimizer_axes;  ///< `axes` but for the optimizer
  std::vector<OptimizerEffect> optimizers;
  std::vector<StatusCount> statuses;
  std::vector<std::string> gpus;  ///< names of those that records were measured on, each once
};

/// Throws HarnessError where the records contradict themselves (see summarize_cells()).
RunAnalysis analyze_run(const RunInfo& info, const std::vector<Record>& records,
                        const Catalog& catalog);

}  // namespace harness
