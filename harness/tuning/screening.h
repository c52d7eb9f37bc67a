#pragma once

#include <cstddef>
#include <vector>

#include "harness/tuning/cost_features.h"

namespace harness {

/// Up to `count` of the cells `available`, one after the other the one whose time the cost model
/// would know least about, given that `known` and those before it were measured (a greedy D-optimal
/// design). Both are indices into `cells`; of equals the first in `available` goes first.
std::vector<std::size_t> choose_screening(const CostFeatures& features,
                                          const std::vector<Cell>& cells,
                                          const std::vector<std::size_t>& known,
                                          const std::vector<std::size_t>& available,
                                          std::size_t count);

}  // namespace harness
