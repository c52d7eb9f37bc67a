#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/protocol/run_info.h"
#include "harness/protocol/step_trace.h"

namespace harness {

/// An operator of a traced step beside what the machine can do. Shares are fractions.
struct OperatorRow {
  OperatorTime time;
  double step_share = 0;  ///< of the step's time
  /// FLOP/s over the machine's peak in the operator's precision; none without FLOPs, and for a
  /// precision whose peak was not measured.
  std::optional<double> peak_share;
  std::optional<double> copy_share;  ///< bytes/s over those of a copy; none without bytes
};

/// The trace of one cell, its operators by falling time.
struct TracedCell {
  std::vector<std::string> axes;  ///< values of group_axes()
  Cell cell;
  std::string file;
  std::string failure;  ///< why there are no rows; empty where there are
  double step_seconds = 0;
  int64_t threads = 0;
  MachinePeaks peaks;
  std::vector<OperatorRow> rows;
};

/// The peak that products in `precision` are measured by: bf16 by its own where the machine has
/// one, else by that of fp32, in which it is then computed; fp16 by its own alone; none for other
/// precisions.
std::optional<double> peak_of(const MachinePeaks& peaks, const std::string& precision);

/// Every trace of the run, in the order in which they were made.
std::vector<TracedCell> rank_operators(const RunInfo& info);

}  // namespace harness
