#pragma once

#include <nlohmann/json.hpp>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/run_info.h"

namespace reports {

/// What the plots over the micro-batch show: `{"limits": [{"bytes", "text"}], "groups": [...]}`, a
/// group for each of the run's with `title` and `series`, one a flag set of an implementation:
///   label, headline (whether the tables show it),
///   points: micro_batch, cell, status, rate (samples/s; null unless passed), low and high (its
///     95 % interval), peak (bytes), planned (whether no round measured it),
///   ends: by the plan the largest micro_batch under each memory `limit` (bytes), and its peak.
nlohmann::json cell_series(const harness::RunInfo& info, const harness::RunAnalysis& analysis);

}  // namespace reports
