#include "harness/tuning/tuning_result.h"

#include <algorithm>

#include "harness/analysis/cell_summary.h"
#include "harness/plan/flag_order.h"
#include "harness/tuning/trial_history.h"

namespace harness {
namespace {

std::vector<PassSummary> summarize_passes(const std::vector<Trial>& trials) {
  std::vector<PassSummary> passes;
  for (const Trial& trial : trials) {
    if (passes.empty() || passes.back().number != trial.pass) {
      passes.push_back({trial.pass, trial.stage, 0});
    }
    ++passes.back().trials;
  }
  return passes;
}

/// The passed record of the cell with the largest measured peak.
std::optional<MemoryFootprint> measured_footprint(const Cell& cell,
                                                  const std::vector<Record>& records) {
  std::optional<MemoryFootprint> largest;
  for (const Record& record : records) {
    const auto& measured = record.memory.measured;
    if (!measured || record.status != Status::kPassed) continue;
    if (cell_identity(record.cell) != cell_identity(cell)) continue;
    if (!largest || measured->peak_bytes > largest->peak_bytes) largest = measured;
  }
  return largest;
}

std::vector<StatusCount> count_left_out(const std::vector<ScheduledCell>& cells) {
  std::vector<Record> records;
  for (const ScheduledCell& scheduled : cells) {
    records.emplace_back().status = *scheduled.not_launched;
  }
  return count_statuses(records);
}

}  // namespace

std::string_view to_string(TuningEnd end) {
  switch (end) {
    case TuningEnd::kFinished:
      return "finished";
    case TuningEnd::kBudget:
      return "budget";
    case TuningEnd::kInterrupted:
      return "interrupted";
  }
  return "";
}

std::vector<Cell> candidate_cells(const SearchSpace& space) {
  std::vector<Cell> cells;
  cells.reserve(space.candidates.size());
  for (const ScheduledCell& candidate : space.candidates) cells.push_back(candidate.cell);
  return cells;
}

TuningResult conclude(const TuningRun& run, const RunInfo& info, const std::vector<Record>& records,
                      const Catalog& catalog) {
  const std::vector<Cell> cells = candidate_cells(run.space);
  TuningResult result;
  result.name = info.name;
  result.candidates = static_cast<int64_t>(cells.size());
  if (!cells.empty()) result.grid_trials = result.candidates * cells.front().measure.rounds;
  result.trials = static_cast<int64_t>(run.trials.size());
  result.trial_limit = run.trial_limit;
  result.seconds = run.seconds;
  result.budget_seconds = run.budget_seconds;
  result.end = run.end;
  result.left_out = count_left_out(run.space.left_out);
  result.passes = summarize_passes(run.trials);
  for (RankedCandidate& ranked : rank_candidates(cells, run.trials)) {
    const ScheduledCell& candidate = run.space.candidates[ranked.candidate];
    result.ranking.push_back({std::move(ranked), candidate.cell, candidate.plan.footprint,
                              measured_footprint(candidate.cell, records)});
  }
  if (result.ranking.empty()) return result;
  const CostFeatures features(cells);
  const CostModel model = TrialHistory(cells, run.trials).fit(features);
  for (std::size_t i = 0; i < features.terms().size(); ++i) {
    result.terms.push_back({features.terms()[i], model.coefficients()[i]});
  }
  result.residual_deviation = model.residual_deviation();
  result.reasons = explain_flags(info, summarize_cells(info, records, catalog),
                                 FitTable(info, cheaper_flags(catalog)),
                                 result.ranking.front().cell, features.terms(), model);
  return result;
}

}  // namespace harness
