#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"
#include "harness/protocol/record.h"

namespace harness {

/// A cell of the sweep with its plan, and why it is not launched where it is not.
struct ScheduledCell {
  Cell cell;
  Plan plan;
  /// Set where no worker runs, see find_obstacle().
  std::optional<Status> not_launched;
  std::string reason;  ///< one line, where not_launched is set
};

/// One worker process to come.
struct Launch {
  std::size_t cell;  ///< index into Schedule::cells
  int64_t round;
};

/// What will run, in order. Cells that are compared (all axes equal but optimizer, implementation
/// and flags) stand next to each other within a round, forwards in even rounds and backwards in odd
/// ones (A B B A ...), so that drift of the machine meets both sides.
struct Schedule {
  std::vector<ScheduledCell> cells;
  std::vector<Launch> launches;
};

}  // namespace harness
