#pragma once

#include <chrono>
#include <optional>

#include "harness/cli/measurement.h"
#include "harness/cli/tuning_progress.h"
#include "harness/launch/worker_command.h"
#include "harness/tuning/tuning_result.h"

namespace harness {

/// How long a tuning may take.
struct TimeBudget {
  std::chrono::steady_clock::time_point begin;  ///< of the planning, which counts
  std::optional<double> seconds;                ///< none: as long as it takes

  double elapsed_s() const;
  /// None without a budget; never below 0.
  std::optional<double> left_s() const;
};

/// Runs the passes that next_pass() asks for, trial by trial, until the search is over, the next
/// trial would end after the budget, or the user stops it. A trial that has begun is finished.
/// First `sink` gets a record of every cell that is left out. Throws HarnessError where workers
/// cannot be started or `sink` fails.
TuningRun run_tuning(SearchSpace space, const WorkerAccess& worker, const TimeBudget& budget,
                     const RecordSink& sink, TuningProgress& progress);

}  // namespace harness
