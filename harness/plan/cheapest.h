#pragma once

#include <cstddef>
#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"

namespace harness {

/// The cells that `"flags": "cheapest"` keeps, as ascending indices into `cells`:
/// - per micro-batch, the flag set that fits by the plan and recomputes the fewest elements, then
///   has the fewest flags; where none fits, the one that needs the least memory;
/// - every set so chosen anywhere on the ladder (that fits) also at the largest micro-batch that
///   fits without memory flags, so that each flag's cost is measured like for like;
/// - the next micro-batch without memory flags, so that where memory runs out is measured.
/// `excluded` cells are chosen only where nothing else is left. Without plans the first of the
/// cheapest sets stands for its micro-batch.
std::vector<std::size_t> select_cheapest(const std::vector<Cell>& cells,
                                         const std::vector<Plan>& plans,
                                         const std::vector<bool>& excluded, const Catalog& catalog);

}  // namespace harness
