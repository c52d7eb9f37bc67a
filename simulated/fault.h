#pragma once

#include <cstdint>
#include <optional>

#include "harness/protocol/cell.h"
#include "harness/protocol/simulated_device.h"

namespace simulated {

/// What goes wrong in this round of the cell: the first of the device's faults that strikes it.
/// A cell is struck or not, once for all its rounds; then the fault is in one round, `sticky_error`
/// and `drift` in all that follow as well.
std::optional<harness::SimulatedFault> find_fault(const harness::Cell& cell, int64_t round);

/// Whether the correctness check of the cell's combination is made to fail.
bool fails_check(const harness::Cell& cell);

}  // namespace simulated
