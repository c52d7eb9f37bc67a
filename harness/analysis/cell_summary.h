#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/throughput.h"
#include "harness/protocol/catalog.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"

namespace harness {

/// A cell of a run over all its rounds.
struct CellSummary {
  Cell cell;
  std::string work;  ///< Catalog::work_of() its flags: what is computed otherwise than without
  std::optional<MemoryFootprint> planned;
  std::string unsupported_reason;           ///< why there is no plan, where there is none
  std::optional<MemoryFootprint> measured;  ///< of the passed round with the largest peak
  /// None: no record, unless the plan alone puts the cell over its device's limit: then it is
  /// `out_of_memory`, memory source "planned". `passed` only where every record is: what fails now
  /// and then is not measured by the rounds in which it did not. Else `incorrect` where any record
  /// is; else what the first record that did not pass says. Records that all passed and yet
  /// disagree, by noise_reason(), are a cell that is `mistrusted`; the records stay what they are.
  std::optional<Status> status;
  std::string reason;             ///< why it did not pass, one line; empty where it did
  std::string memory_source;      ///< "measured" or "planned": what decided the status
  int64_t records = 0;            ///< rounds, passed or not
  std::vector<RoundTime> rounds;  ///< those that passed, ascending, whatever the status is
  std::optional<double> tokens_per_sequence;  ///< real tokens of the first passed round's samples
  std::optional<double> samples_per_second;  ///< over `rounds`; none where the status is not passed

  /// Measured where there is a measurement, else planned.
  std::optional<int64_t> peak_bytes() const;
  std::optional<PlanError> plan_error() const { return harness::plan_error(planned, measured); }
  /// Whether rounds passed and yet the cell did not: they are shown, and enter no statistics.
  bool left_out() const { return status != Status::kPassed && !rounds.empty(); }
};

/// The cells of a sweep that differ in nothing but implementation, micro-batch and flags.
struct CellGroup {
  std::vector<std::string> axes;  ///< values of group_axes()
  std::vector<CellSummary> cells;
};

/// The axes that get a column of their own: info.axes but for implementation, micro_batch, flags.
std::vector<std::string> group_axes(const RunInfo& info);

/// The cell's values of `axes`, in their order.
std::vector<std::string> axis_values(const Cell& cell, const std::vector<std::string>& axes);

/// One text for the values of all axes: two cells of a run are the same where it is.
std::string cell_identity(const Cell& cell);

/// Every cell of the run, planned or only recorded, in sweep order, grouped.
/// Throws HarnessError where a cell has two records of one round, or as round_time() does.
std::vector<CellGroup> summarize_cells(const RunInfo& info, const std::vector<Record>& records,
                                       const Catalog& catalog);

}  // namespace harness
