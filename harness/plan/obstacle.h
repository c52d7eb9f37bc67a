#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"
#include "harness/protocol/record.h"

namespace harness {

// What a worker on the CPU takes from the machine: its planned bytes times a factor for what its
// allocator holds between blocks (records say `reserved_bytes`), and a base for the process with
// its libraries. A worker that comes to need more is stopped by its own allocator, before the
// machine is.
inline constexpr double kMachineMemoryFactor = 1.1;
inline constexpr int64_t kWorkerBaseBytes = int64_t{700} << 20;

/// Why no worker runs a cell.
struct Obstacle {
  Status status;
  std::string reason;  ///< one line
};

/// What decides, besides a cell and its plan, whether a worker runs it.
struct Surroundings {
  DeviceStatus device = {};
  std::optional<int64_t> machine_available_bytes = {};  ///< none: unknown
  std::optional<std::string> exclude_reason = {};       ///< of the exclude rule that names the cell
  /// Try a cell however far its plan is over the limit: it is next to a boundary, see
  /// find_boundaries(), or it was asked for by itself.
  bool try_over_limit = false;
};

/// What keeps a cell from being launched, if anything; the first of:
/// - the device is not there (unsupported);
/// - an exclude rule names it (skipped, with the rule's reason);
/// - its worker failed when it was asked for a plan (crashed);
/// - the plan does not support it (unsupported);
/// - its peak is over the limit by kClearMargin and `try_over_limit` is not set (out_of_memory);
/// - on the CPU, it needs more than `machine_available_bytes` (skipped).
std::optional<Obstacle> find_obstacle(const Cell& cell, const Plan& plan,
                                      const Surroundings& surroundings);

}  // namespace harness
