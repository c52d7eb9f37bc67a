#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/statistics.h"
#include "harness/protocol/run_info.h"

namespace harness {

/// One optimizer of a cell, and what became of it.
struct OptimizerSide {
  std::string optimizer;
  std::optional<Status> status;              ///< none: not run
  std::optional<double> samples_per_second;  ///< none where the status is not passed
  std::optional<int64_t> peak_bytes;
  bool peak_is_planned = false;  ///< no round measured it
};

/// What an optimizer alone brings: a cell over the cell that differs from it in nothing but the
/// optimizer. One row of optimizers.csv.
struct OptimizerEffect {
  std::vector<std::string> axes;  ///< values of optimizer_axes()
  std::string implementation;
  std::string flags;
  std::string work;  ///< as CellSummary's; both sides have the same
  int64_t micro_batch = 0;
  OptimizerSide reference;
  OptimizerSide candidate;
  /// Candidate's rate over the reference's, from the rounds that both have; none where a side did
  /// not pass.
  std::optional<double> speedup;
  std::optional<Interval> interval;  ///< 95 %, none below 6 common rounds
};

/// group_axes() but for the optimizer.
std::vector<std::string> optimizer_axes(const RunInfo& info);

/// Every cell over the first of the sweep that differs from it in nothing but the optimizer, in
/// sweep order. Empty where the sweep has one optimizer.
std::vector<OptimizerEffect> derive_optimizer_effects(const RunInfo& info,
                                                      const std::vector<CellGroup>& groups);

}  // namespace harness
