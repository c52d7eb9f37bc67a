#include "harness/analysis/cell_pairs.h"

#include <string>
#include <unordered_map>

namespace harness {
namespace {

/// Cells with a record; those that were planned alone are no part of the comparison.
std::vector<const CellSummary*> recorded(const std::vector<CellGroup>& groups) {
  std::vector<const CellSummary*> cells;
  for (const CellGroup& group : groups) {
    for (const CellSummary& cell : group.cells) {
      if (cell.records > 0) cells.push_back(&cell);
    }
  }
  return cells;
}

}  // namespace

std::vector<CellPair> pair_cells(const std::vector<CellGroup>& before,
                                 const std::vector<CellGroup>& after) {
  std::vector<CellPair> pairs;
  std::unordered_map<std::string, std::size_t> places;
  for (const CellSummary* cell : recorded(after)) {
    places.emplace(cell_identity(cell->cell), pairs.size());
    pairs.push_back({nullptr, cell});
  }
  for (const CellSummary* cell : recorded(before)) {
    const auto place = places.find(cell_identity(cell->cell));
    if (place == places.end()) {
      pairs.push_back({cell, nullptr});
    } else {
      pairs[place->second].before = cell;
    }
  }
  return pairs;
}

}  // namespace harness
