#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/status_count.h"
#include "harness/protocol/catalog.h"
#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"
#include "harness/tuning/cost_features.h"
#include "harness/tuning/cost_model.h"
#include "harness/tuning/explanation.h"
#include "harness/tuning/ranking.h"
#include "harness/tuning/search_space.h"
#include "harness/tuning/trial.h"

namespace harness {

/// Why a tuning ended.
enum class TuningEnd {
  kFinished,     ///< the search had nothing more to ask
  kBudget,       ///< the next trial would have ended after the time budget
  kInterrupted,  ///< the user's wish
};

std::string_view to_string(TuningEnd end);  ///< "finished", "budget", "interrupted"

/// How a tuning went: what it chose from and every trial.
struct TuningRun {
  SearchSpace space;
  std::vector<Trial> trials;
  int64_t trial_limit = 0;
  double seconds = 0;                    ///< from the start of the planning to the last trial
  std::optional<double> budget_seconds;  ///< none: as long as it takes
  TuningEnd end = TuningEnd::kFinished;
};

/// A candidate as tables show it.
struct TunedCandidate {
  RankedCandidate ranked;
  Cell cell;
  std::optional<MemoryFootprint> planned;
  std::optional<MemoryFootprint> measured;  ///< of the round with the largest peak
};

struct PassSummary {
  int64_t number = 0;
  TrialStage stage = TrialStage::kScreening;
  int64_t trials = 0;
};

struct FittedTerm {
  CostTerm term;
  CostEstimate estimate;
};

/// Everything that the reports of a tuning say.
struct TuningResult {
  std::string name;  ///< the sweep's
  int64_t candidates = 0;
  int64_t grid_trials = 0;  ///< what measuring every candidate would take
  int64_t trials = 0;
  int64_t trial_limit = 0;
  double seconds = 0;
  std::optional<double> budget_seconds;
  TuningEnd end = TuningEnd::kFinished;
  std::vector<StatusCount> left_out;  ///< cells that no trial may be launched of
  std::vector<PassSummary> passes;
  std::vector<FittedTerm> terms;        ///< empty where nothing passed
  double residual_deviation = 0;        ///< CostModel::residual_deviation()
  std::vector<TunedCandidate> ranking;  ///< the answer first; empty where nothing passed
  std::vector<FlagReason> reasons;
};

/// `records` are those of the run, `info` what it planned.
/// Throws HarnessError where the records contradict themselves (see summarize_cells()).
TuningResult conclude(const TuningRun& run, const RunInfo& info, const std::vector<Record>& records,
                      const Catalog& catalog);

/// The cells of the candidates, in their order.
std::vector<Cell> candidate_cells(const SearchSpace& space);

}  // namespace harness
