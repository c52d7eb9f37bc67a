#pragma once

#include <compare>
#include <cstdint>
#include <functional>

#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"

namespace harness {

/// What a cell's flags cost in time, as far as it is known without measuring; compares from cheap
/// to dear: fewest recomputed elements, then fewest flags.
struct RecomputeCost {
  bool whole_layer = false;  ///< more than any number of elements
  int64_t elements = 0;      ///< that one layer's backward pass computes again, for a micro-batch
  std::size_t flags = 0;
  auto operator<=>(const RecomputeCost&) const = default;
};

/// The flags of `cell` must be known to the catalog.
RecomputeCost recompute_cost(const Catalog& catalog, const Cell& cell);

/// Whether the first cell's flags are cheaper than the second's.
std::function<bool(const Cell&, const Cell&)> cheaper_flags(const Catalog& catalog);

}  // namespace harness
