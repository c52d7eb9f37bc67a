#include "reports/cautions.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace reports {

using harness::CellSummary;
using harness::Status;

template <class Predicate>
static int64_t count_cells(const harness::RunAnalysis& analysis, Predicate&& wanted) {
  int64_t count = 0;
  for (const harness::CellGroup& group : analysis.groups) {
    count += std::count_if(group.cells.begin(), group.cells.end(), wanted);
  }
  return count;
}

/// A cell that failed in a round is not launched again, so it lacks none.
static bool lacks_rounds(const CellSummary& cell) {
  const auto passed = static_cast<int64_t>(cell.rounds.size());
  if (cell.records == 0) return !cell.status && cell.planned;
  return passed == cell.records && cell.records < cell.cell.measure.rounds;
}

/// Mistrusted for its noise, not for a check that proved nothing.
static bool rounds_disagree(const CellSummary& cell) {
  return cell.status == Status::kMistrusted &&
         static_cast<int64_t>(cell.rounds.size()) == cell.records;
}

/// Of the cells whose plan is not to be trusted.
struct PlanErrors {
  int64_t cells = 0;
  double largest = 0;
};

static PlanErrors untrusted_plans(const harness::RunAnalysis& analysis) {
  PlanErrors errors;
  for (const harness::CellGroup& group : analysis.groups) {
    for (const CellSummary& cell : group.cells) {
      const std::optional<harness::PlanError> error = cell.plan_error();
      if (!error || error->largest() <= kTrustedPlanError) continue;
      ++errors.cells;
      errors.largest = std::max(errors.largest, error->largest());
    }
  }
  return errors;
}

std::vector<std::string> cautions(const harness::RunAnalysis& analysis) {
  std::vector<std::string> sentences;
  const int64_t noisy = count_cells(analysis, rounds_disagree);
  if (noisy > 0) {
    sentences.push_back(fmt::format(
        "{} mistrusted: the machine was disturbed, maybe in other cells as well, which shows in "
        "none of their own rounds. Measure again on a quieter one before you use a time of this "
        "run.",
        noisy == 1 ? "1 cell is" : fmt::format("{} cells are", noisy)));
  }
  const PlanErrors errors = untrusted_plans(analysis);
  if (errors.cells > 0) {
    sentences.push_back(
        fmt::format("The plan missed the measured memory of {} by more than {:.0f} %, by up to "
                    "{:.1f} %: do not "
                    "trust what it says of micro-batches and memory sizes that were not measured.",
                    errors.cells == 1 ? "1 cell" : fmt::format("{} cells", errors.cells),
                    100 * kTrustedPlanError, 100 * errors.largest));
  }
  const int64_t unfinished = count_cells(analysis, lacks_rounds);
  if (unfinished > 0) {
    sentences.push_back(
        fmt::format("The run is not whole: {} fewer rounds than the sweep asks for.",
                    unfinished == 1 ? "1 cell has" : fmt::format("{} cells have", unfinished)));
  }
  return sentences;
}

}  // namespace reports
