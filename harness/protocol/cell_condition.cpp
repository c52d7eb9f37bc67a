#include "harness/protocol/cell_condition.h"

#include <algorithm>

#include "harness/protocol/cell.h"

namespace harness {

bool matches(const CellCondition& condition, const Cell& cell) {
  return std::all_of(condition.begin(), condition.end(),
                     [&](const auto& axis) { return cell.axis_text(axis.first) == axis.second; });
}

}  // namespace harness
