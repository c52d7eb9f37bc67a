#pragma once

#include <vector>

#include "harness/analysis/cell_summary.h"

namespace harness {

/// A cell of two runs; null: that run has no record of it. One of them is there.
struct CellPair {
  const CellSummary* before = nullptr;
  const CellSummary* after = nullptr;
};

/// The cells that either run has a record of, paired where their axes are equal: in after's order,
/// then those that only before has. The groups must outlive the result.
std::vector<CellPair> pair_cells(const std::vector<CellGroup>& before,
                                 const std::vector<CellGroup>& after);

}  // namespace harness
