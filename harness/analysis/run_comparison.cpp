#include "harness/analysis/run_comparison.h"

#include <algorithm>
#include <cmath>

#include "harness/analysis/cell_difference.h"
#include "harness/analysis/cell_label.h"
#include "harness/analysis/cell_pairs.h"

namespace harness {
namespace {

std::optional<int64_t> measured_peak(const CellSummary& cell) {
  return cell.measured ? std::optional(cell.measured->peak_bytes) : std::nullopt;
}

CellChange change_of(const CellSummary& before, const CellSummary& after, bool forced) {
  CellChange change;
  change.cell = after.cell;
  change.before_status = before.status;
  change.after_status = after.status;
  change.before_samples_per_second = before.samples_per_second;
  change.after_samples_per_second = after.samples_per_second;
  change.before_peak_bytes = measured_peak(before);
  change.after_peak_bytes = measured_peak(after);
  change.difference = cell_difference(before.cell, after.cell);
  change.comparable = forced || change.difference.empty();
  return change;
}

}  // namespace

std::optional<double> CellChange::speedup() const {
  if (!comparable || !before_samples_per_second || !after_samples_per_second) {
    return std::nullopt;
  }
  return *after_samples_per_second / *before_samples_per_second;
}

std::optional<double> RunComparison::mean_speedup() const {
  double logs = 0;
  for (const CellChange& cell : cells) logs += std::log(cell.speedup().value_or(1));
  if (compared() == 0) return std::nullopt;
  return std::exp(logs / static_cast<double>(compared()));
}

int64_t RunComparison::compared() const {
  return std::count_if(cells.begin(), cells.end(),
                       [](const CellChange& cell) { return cell.speedup().has_value(); });
}

RunComparison compare_runs(const RunInfo& before_info, const std::vector<CellGroup>& before,
                           const RunInfo& after_info, const std::vector<CellGroup>& after,
                           bool forced) {
  RunComparison comparison;
  comparison.axes = joined_axes(after_info.axes, before_info.axes);
  for (const CellPair& pair : pair_cells(before, after)) {
    if (pair.before == nullptr) {
      comparison.fresh.push_back(pair.after->cell);
    } else if (pair.after == nullptr) {
      comparison.lost.push_back(pair.before->cell);
    } else {
      comparison.cells.push_back(change_of(*pair.before, *pair.after, forced));
    }
  }
  return comparison;
}

}  // namespace harness
