#include "harness/cli/gate_options.h"

#include <fmt/format.h>

#include "harness/harness_error.h"
#include "harness/spec/limits.h"

namespace harness {
namespace {

constexpr int64_t kRoundsForTime = 10;
constexpr int64_t kRoundsForMemory = 1;
/// On a machine that other jobs share: docs/measuring.md says why.
constexpr double kSharedRunnerTimeBudget = 0.05;

}  // namespace

GateOptions::GateOptions(const std::string& command) : common_(command) {
  common_.add_sweep();
  common_.add_out();
  common_.add_worker();
  common_.add_when_busy();
  common_.add_quiet();
  common_.app().add_option("--rounds", rounds_)->check(CLI::Range(int64_t{1}, kMaxRounds));
  common_.app().add_flag("--shared-runner", shared_runner_);
}

GateSetting GateOptions::setting(const Catalog& catalog, const SweepSpec& spec,
                                 GateAgainst against) const {
  GateSetting setting{.catalog = catalog, .defaults = {}};
  if (shared_runner_) setting.defaults.time = kSharedRunnerTimeBudget;
  const bool times = against == GateAgainst::kWorker;
  setting.rounds = rounds_ > 0 ? rounds_ : (times ? kRoundsForTime : kRoundsForMemory);
  if (times && setting.rounds < kFewestPairs) {
    throw UsageError(fmt::format("--rounds: {} are too few for an interval; give at least {}",
                                 setting.rounds, kFewestPairs));
  }
  setting.seed = spec.measure.seed;
  setting.progress = common_.progress();
  return setting;
}

Outcome outcome_of(const GateRun& run) {
  Outcome outcome;
  outcome.device_absent = !run.device.available;
  outcome.nothing_passed = run.device.available && !run.result.has(Status::kPassed);
  outcome.incorrect = run.result.has(Status::kIncorrect);
  outcome.gate_failed = run.result.verdict() == Verdict::kFailed;
  outcome.inconclusive = run.result.count(Verdict::kInconclusive) > 0;
  return outcome;
}

}  // namespace harness
