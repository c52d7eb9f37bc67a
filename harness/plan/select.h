#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/plan/schedule.h"
#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

// What a worker on the CPU takes from the machine: its planned bytes times a factor for freed
// blocks that the allocator keeps, and a base for the process with its libraries.
inline constexpr double kMachineMemoryFactor = 1.35;
inline constexpr int64_t kWorkerBaseBytes = int64_t{700} << 20;

/// Why no device of the cell's kind computes in its precision, one line; none where it does.
std::optional<std::string> unsupported_precision(const Cell& cell);

/// The cells of the sweep and what will run. `candidates` are expand()'s and `predicted` their
/// plans. "cheapest" is narrowed here. Not launched, in this order of precedence, are:
/// - every cell where the device is not there (unsupported);
/// - what an exclude rule names (skipped, with the rule's reason);
/// - fp16 on the CPU, and what the plan does not support (unsupported);
/// - what is over the limit by kClearMargin and not next to a boundary (out_of_memory);
/// - on the CPU, what needs more than `machine_available_bytes` (skipped); none means unknown.
/// Throws std::invalid_argument where there is not one plan a candidate.
Schedule select(const SweepSpec& spec, const Catalog& catalog, const std::vector<Cell>& candidates,
                const PlanReply& predicted, std::optional<int64_t> machine_available_bytes);

}  // namespace harness
