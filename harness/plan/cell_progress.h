#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "harness/plan/schedule.h"
#include "harness/protocol/record.h"

namespace harness {

/// How far a cell of a schedule has come by its records.
struct CellProgress {
  std::set<int64_t> rounds;  ///< with a record
  bool ended = false;        ///< a round did not pass: the cell is not launched again

  /// The first round without a record.
  int64_t next_round() const;
  /// Whether any of `rounds_due` rounds is still to be recorded.
  bool open(int64_t rounds_due) const { return !ended && next_round() < rounds_due; }
};

/// How far each cell of the schedule has come, in the schedule's order.
/// Throws std::invalid_argument where a record is of a cell that the schedule does not have; the
/// message names the cell.
std::vector<CellProgress> cell_progress(const Schedule& schedule,
                                        const std::vector<Record>& records);

}  // namespace harness
