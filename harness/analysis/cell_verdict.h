#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/memory_change.h"
#include "harness/analysis/status_change.h"
#include "harness/analysis/time_change.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// What a gate compares a build with.
enum class GateAgainst {
  kWorker,  ///< another worker, round by round: status, memory and time
  kRun,     ///< a run of another day: status and memory, of cells that are the same
};

/// One cell, before and after.
struct CellVerdict {
  Cell cell;
  StatusChange status;
  std::optional<TimeChange> time;      ///< none: not judged, or not passed on both sides
  std::optional<MemoryChange> memory;  ///< none: not measured on both sides
  std::optional<double> before_samples_per_second;
  std::optional<double> after_samples_per_second;
  Verdict verdict = Verdict::kInconclusive;
  std::string reason;  ///< one line, why it did neither pass nor improve; may also say what changed
  /// The time at the first measurement, which failed, where the cell was measured again.
  std::optional<TimeChange> first_time;
};

/// Judges a cell. Null: the side has no such cell, which is inconclusive; at least one side has it.
/// The gravest of status, memory and time decides.
CellVerdict judge_cell(const CellSummary* before, const CellSummary* after,
                       const GateBudget& budget, GateAgainst against);

/// Whether the cell failed by its time alone: noise may have done that, which a second measurement
/// from scratch will hardly repeat. Memory and status have no noise.
bool needs_confirmation(const CellVerdict& verdict);

/// `second` in place of `first`, which it keeps the time of: a cell fails only twice.
CellVerdict confirmed(const CellVerdict& first, CellVerdict second);

}  // namespace harness
