#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/analysis/cell_verdict.h"

namespace harness {

/// The budget of each cell.
using BudgetOf = std::function<GateBudget(const Cell&)>;

/// A sweep, before and after.
struct GateResult {
  std::string name;    ///< the sweep's
  std::string before;  ///< what was compared with: a worker's path, a run directory, a device
  std::string after;
  GateAgainst against = GateAgainst::kWorker;
  int64_t rounds = 0;              ///< of each cell and side
  uint64_t seed = 0;               ///< of the order of the sides
  std::vector<std::string> axes;   ///< that vary, for cell_label()
  std::vector<CellVerdict> cells;  ///< as after has them; then what only before has

  Verdict verdict() const;
  /// How many cells have this verdict.
  int64_t count(Verdict verdict) const;
  /// Whether any cell has this status after.
  bool has(Status status) const;
};

/// Judges every cell that one of the sides has; cells are the same where their axes are.
std::vector<CellVerdict> judge_gate(const std::vector<CellGroup>& before,
                                    const std::vector<CellGroup>& after, const BudgetOf& budget_of,
                                    GateAgainst against);

/// Puts the verdicts of a second measurement in the place of those that they confirm or clear.
void confirm(GateResult& result, const std::vector<CellVerdict>& second);

}  // namespace harness
