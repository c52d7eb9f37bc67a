#pragma once

#include <optional>
#include <string>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/verdict.h"

namespace harness {

/// How what became of a cell changed. None: there is no record of it.
struct StatusChange {
  std::optional<Status> before;
  std::optional<Status> after;
  Verdict verdict = Verdict::kPassed;
  std::string reason;  ///< one line, unless passed on both sides
};

/// What became of a cell, noise aside: rounds that passed and disagree have passed here, because
/// the interval of paired rounds decides about noise.
std::optional<Status> status_without_noise(const CellSummary& cell);

/// Judges a cell that both sides have. A change for the worse fails and one for the better
/// improves, without any budget: from best to worst passed, out_of_memory, unsupported, timed_out,
/// crashed, incorrect. What says nothing about the build (skipped, mistrusted, no record) is
/// inconclusive, unless both sides skipped the cell or do not support it. Not passed and unchanged:
/// out_of_memory passes, timed_out and crashed are inconclusive, incorrect fails.
StatusChange judge_status(const CellSummary& before, const CellSummary& after);

}  // namespace harness
