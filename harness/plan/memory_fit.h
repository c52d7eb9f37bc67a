#pragma once

#include <cstddef>
#include <vector>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"

namespace harness {

/// A planned peak that is over the usable bytes by more than this part of them is out of memory
/// without trying: far more than plan and measurement ever differ.
inline constexpr double kClearMargin = 0.05;

/// Whether the plan stays within what the cell's device has for tensors; false without a plan.
bool fits(const Cell& cell, const Plan& plan);
/// Whether it is over that by more than kClearMargin.
bool clearly_too_large(const Cell& cell, const Plan& plan);

/// For every cell, whether it stands next to a memory boundary: with all else equal, the next
/// larger or smaller micro-batch among `cells` fits where it does not or the other way round, or it
/// is the smallest and does not fit. Cells without a plan stand next to none.
std::vector<bool> find_boundaries(const std::vector<Cell>& cells, const std::vector<Plan>& plans);

}  // namespace harness
