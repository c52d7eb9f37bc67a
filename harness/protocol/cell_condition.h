#pragma once

#include <map>
#include <string>

namespace harness {

struct Cell;

/// Values of axes, as Cell::axis_text() writes them, by the axis's name in the spec.
using CellCondition = std::map<std::string, std::string>;

/// Whether `cell` has every value that `condition` names; an empty one holds for every cell.
/// Throws std::invalid_argument for an axis that the cell lacks.
bool matches(const CellCondition& condition, const Cell& cell);

}  // namespace harness
