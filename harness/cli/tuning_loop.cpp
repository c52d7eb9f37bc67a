#include "harness/cli/tuning_loop.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "harness/launch/process.h"
#include "harness/tuning/search.h"
#include "harness/tuning/trial_history.h"
#include "harness/tuning/trial_seconds.h"

namespace harness {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

class TuningLoop {
 public:
  TuningLoop(TuningRun& run, const WorkerAccess& worker, const TimeBudget& budget,
             const RecordSink& sink, TuningProgress& progress)
      : run_(run),
        cells_(candidate_cells(run.space)),
        features_(cells_),
        worker_(worker),
        checker_(worker),
        budget_(budget),
        sink_(sink),
        progress_(progress) {}

  void measure() {
    if (cells_.empty()) return;
    const Measure& measure = cells_.front().measure;
    run_.trial_limit = trial_limit(cells_, measure.rounds);
    const SearchRules rules = {measure.rounds, measure.seed};
    while (const auto pass = next_pass(cells_, run_.trials, rules, trials_left())) {
      for (const std::size_t candidate : pass->candidates) {
        if (!affordable(candidate)) {
          run_.end = TuningEnd::kBudget;
          return;
        }
        trial(*pass, candidate);
      }
    }
    if (next_pass(cells_, run_.trials, rules, trials_left_without_budget())) {
      run_.end = TuningEnd::kBudget;
    }
  }

 private:
  int64_t trials_left_without_budget() const {
    return run_.trial_limit - static_cast<int64_t>(run_.trials.size());
  }

  /// As many as the limit leaves and, at the pace so far, the budget.
  int64_t trials_left() const {
    const int64_t left = trials_left_without_budget();
    const auto budget_left = budget_.left_s();
    const auto mean = seconds_.mean();
    if (!budget_left || !mean || *mean <= 0) return left;
    return std::min(left, static_cast<int64_t>(*budget_left / *mean));
  }

  /// Seconds a sequence of the candidate, as it was measured or as the model has it.
  double expected_seconds(std::size_t candidate) const {
    const TrialHistory history(cells_, run_.trials);
    if (!history.rounds(candidate).empty()) return std::exp(history.log_seconds(candidate));
    const CostModel model = history.fit(features_);
    return std::exp(model.predict(features_.row(cells_[candidate])).log_seconds);
  }

  bool affordable(std::size_t candidate) const {
    const auto left = budget_.left_s();
    if (!left) return true;
    const auto estimate = seconds_.estimate(cells_[candidate], expected_seconds(candidate));
    return estimate.value_or(0) < *left;
  }

  void trial(const TrialPass& pass, std::size_t candidate) {
    const ScheduledCell& scheduled = run_.space.candidates[candidate];
    TuningState state = {static_cast<int64_t>(run_.trials.size()) + 1, run_.trial_limit, pass.stage,
                         budget_.left_s()};
    progress_.started(state, scheduled.cell);
    const auto begin = Clock::now();
    const auto record = measure_round(scheduled, pass.number, checker_, worker_);
    sink_(record);
    Trial done = {candidate, pass.stage, pass.number, record.status, 0};
    std::optional<double> seconds_per_sequence;
    if (record.status == Status::kPassed) {
      done.seconds_per_sequence = round_time(record).seconds_per_sequence;
      seconds_per_sequence = done.seconds_per_sequence;
    }
    seconds_.finished(scheduled.cell, seconds_since(begin), seconds_per_sequence);
    run_.trials.push_back(done);
    state.budget_left_s = budget_.left_s();
    progress_.finished(state, record);
  }

  TuningRun& run_;
  std::vector<Cell> cells_;
  CostFeatures features_;
  WorkerAccess worker_;
  Checker checker_;
  TimeBudget budget_;
  const RecordSink& sink_;
  TuningProgress& progress_;
  TrialSeconds seconds_;
};

}  // namespace

double TimeBudget::elapsed_s() const {
  return seconds_since(begin);
}

std::optional<double> TimeBudget::left_s() const {
  if (!seconds) return std::nullopt;
  return std::max(0.0, *seconds - elapsed_s());
}

TuningRun run_tuning(SearchSpace space, const WorkerAccess& worker, const TimeBudget& budget,
                     const RecordSink& sink, TuningProgress& progress) {
  TuningRun run;
  run.space = std::move(space);
  run.budget_seconds = budget.seconds;
  for (const ScheduledCell& scheduled : run.space.left_out) sink(unlaunched_record(scheduled, 0));
  try {
    TuningLoop(run, worker, budget, sink, progress).measure();
  } catch (const Interrupted&) {
    run.end = TuningEnd::kInterrupted;
  }
  run.seconds = budget.elapsed_s();
  return run;
}

}  // namespace harness
