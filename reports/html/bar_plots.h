#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "harness/analysis/operator_time.h"
#include "harness/analysis/run_analysis.h"

namespace reports {

/// A rung for every flag set of headline_costs(): label, time_cost_percent, net_percent (null where
/// there is none), freed_bytes (null).
nlohmann::json flag_ladder(const harness::RunAnalysis& analysis);

/// A bar for every traced cell that did not fail: label, and in `seconds` the self time of each of
/// `operators`, which are those that take the most over all cells, and last of what is left.
nlohmann::json operator_bars(const std::vector<harness::TracedCell>& cells,
                             const std::vector<std::string>& axes);

}  // namespace reports
