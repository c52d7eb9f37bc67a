#include "harness/cli/tune_command.h"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/device_use.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/options.h"
#include "harness/cli/output_location.h"
#include "harness/cli/planned_sweep.h"
#include "harness/cli/progress_text.h"
#include "harness/cli/tuning_loop.h"
#include "harness/harness_error.h"
#include "harness/launch/interrupt.h"
#include "harness/spec/duration.h"
#include "harness/store/run_directory.h"
#include "harness/tuning/tuning_spec.h"

namespace harness {
namespace {

std::optional<double> parse_budget(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  try {
    return parse_duration(*text);
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("--budget: {}", error.what()));
  }
}

struct Tuned {
  TuningRun run;
  std::vector<Record> records;
};

/// Runs the search and stores every record before the next trial starts. Creating the log comes
/// first, as in a sweep.
Tuned tune_and_store(const PlannedSweep& planned, const WorkerAccess& worker,
                     const std::filesystem::path& directory, const TimeBudget& budget,
                     StatusLine::Mode mode) {
  Tuned result;
  RecordLog log(records_path(directory));
  write_run_info(directory, planned.info);
  TuningProgress progress(mode, planned.info.axes);
  const auto keep = [&](const Record& record) {
    log.append(record);
    result.records.push_back(record);
  };
  result.run = run_tuning(search_space(planned.schedule), worker, budget, keep, progress);
  return result;
}

/// What the cells say, as of a sweep; but where the budget left no time for a cell to pass, that is
/// a budget that failed, not a harness.
Outcome judge_tuning(const TuningResult& result, Outcome outcome) {
  outcome.interrupted = result.end == TuningEnd::kInterrupted;
  if (result.ranking.empty() && result.end == TuningEnd::kBudget) {
    outcome.nothing_passed = false;
    outcome.gate_failed = true;
  }
  return outcome;
}

}  // namespace

int tune_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep tune");
  std::optional<std::string> budget_text;
  options.add_sweep();
  options.add_out();
  options.add_worker();
  options.app().add_option("--budget", budget_text);
  options.add_quiet();
  options.add_when_busy();
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto budget_seconds = parse_budget(budget_text);
  const auto spec = tuning_spec(options.sweep(context.catalog));
  const auto filter = options.filter(spec, context.catalog);
  const auto location = output_location("tune", spec.name, options.out());
  check_run_location(location);
  const Interrupt interrupt;
  const WorkerAccess worker = {options.worker(spec.device), interrupt.fd()};
  const auto lock = use_device(spec.device, options.when_busy(), interrupt.fd(), context.error);
  const TimeBudget budget = {std::chrono::steady_clock::now(), budget_seconds};

  const auto planned = plan_sweep(spec, context.catalog, worker, filter);
  fmt::print(context.error, "{}", filter_text(planned));
  const auto& device = planned.info.device;
  if (!device.available) fmt::print(context.error, "{}\n", device_absent_text(device));

  create_run_directory(location);
  const auto [run, records] =
      tune_and_store(planned, worker, location.directory, budget, options.progress());

  const auto result = conclude(run, planned.info, records, context.catalog);
  context.reporter.write(location.directory, planned.info, records);
  context.reporter.write_tuning(location.directory, result);
  context.reporter.print_tuning(context.out, result);
  fmt::print(context.error, "{} in {}\n", summary_text(records), location.directory.string());
  const auto cells = summarize_cells(planned.info, records, context.catalog);
  const auto outcome = judge_tuning(result, judge_cells(device, cells));
  if (const std::string why = outcome_text(outcome, "\"Records\" in report.md"); !why.empty()) {
    fmt::print(context.error, "{}\n", why);
  }
  return exit_status(outcome);
}

}  // namespace harness
