#include "harness/analysis/gate_result.h"

#include <algorithm>

#include "harness/analysis/cell_pairs.h"

namespace harness {

Verdict GateResult::verdict() const {
  Verdict result = Verdict::kSkipped;
  for (const CellVerdict& cell : cells) result = gravest(result, cell.verdict);
  return result;
}

int64_t GateResult::count(Verdict verdict) const {
  return std::count_if(cells.begin(), cells.end(),
                       [&](const CellVerdict& cell) { return cell.verdict == verdict; });
}

bool GateResult::has(Status status) const {
  return std::any_of(cells.begin(), cells.end(),
                     [&](const CellVerdict& cell) { return cell.status.after == status; });
}

std::vector<CellVerdict> judge_gate(const std::vector<CellGroup>& before,
                                    const std::vector<CellGroup>& after, const BudgetOf& budget_of,
                                    GateAgainst against) {
  std::vector<CellVerdict> verdicts;
  for (const CellPair& pair : pair_cells(before, after)) {
    // A cell that the sweep has lost is in none of its rules.
    const GateBudget budget = pair.after != nullptr ? budget_of(pair.after->cell) : GateBudget{};
    verdicts.push_back(judge_cell(pair.before, pair.after, budget, against));
  }
  return verdicts;
}

void confirm(GateResult& result, const std::vector<CellVerdict>& second) {
  for (const CellVerdict& again : second) {
    const auto first =
        std::find_if(result.cells.begin(), result.cells.end(), [&](const CellVerdict& cell) {
          return cell_identity(cell.cell) == cell_identity(again.cell);
        });
    if (first != result.cells.end()) *first = confirmed(*first, again);
  }
}

}  // namespace harness
