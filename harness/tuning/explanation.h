#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/fit_table.h"
#include "harness/analysis/flag_cost.h"
#include "harness/tuning/cost_features.h"
#include "harness/tuning/cost_model.h"

namespace harness {

/// What a flag set does for the answer's implementation.
struct FlagReason {
  /// `net_throughput` is between the fastest measured cells with these flags and without any; none
  /// where flags that are not the answer's were measured only at a smaller micro-batch.
  FlagCost cost;
  int64_t paired_rounds = 0;  ///< passes of both sides that cost.time_cost_percent is of
  /// Standard error of cost.time_cost_percent where that is the model's, because the set and no
  /// flags were never measured in one pass at one micro-batch; none where it was measured.
  std::optional<double> fitted_error_percent;
  int64_t memory_micro_batch = 0;  ///< that cost.memory is of; the time is of cost.micro_batch
};

/// Why the answer has its flags and not others: a reason for its own set, where it has flags, then
/// one for every other single flag that the sweep gives its implementation. A time cost is of the
/// micro-batch at which both sides have six rounds in common, else of one at which they have any;
/// of several the answer's, else the largest. Memory is at the answer's micro-batch, else at the
/// largest that has plans of both.
std::vector<FlagReason> explain_flags(const RunInfo& info, const std::vector<CellGroup>& groups,
                                      const FitTable& fits, const Cell& answer,
                                      const std::vector<CostTerm>& terms, const CostModel& model);

}  // namespace harness
