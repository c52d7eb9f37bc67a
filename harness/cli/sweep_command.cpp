#include "harness/cli/sweep_command.h"

#include <chrono>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/dry_run.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/measurement.h"
#include "harness/cli/options.h"
#include "harness/cli/origin_here.h"
#include "harness/cli/planned_sweep.h"
#include "harness/cli/progress.h"
#include "harness/cli/progress_text.h"
#include "harness/cli/tracing.h"
#include "harness/count_text.h"
#include "harness/harness_error.h"
#include "harness/launch/interrupt.h"
#include "harness/launch/process.h"
#include "harness/plan/cell_progress.h"
#include "harness/store/open_run.h"
#include "harness/store/run_directory.h"

namespace harness {
namespace {

/// Options that say which run is gone on with, and what may differ.
struct ResumeOptions {
  std::filesystem::path directory;  ///< empty: a new run
  ResumePolicy policy;

  bool given() const { return !directory.empty(); }
};

/// Throws UsageError where an earlier start recorded what is not the schedule's.
void check_records(const OpenRun& run, const Schedule& schedule) {
  try {
    cell_progress(schedule, run.records());
  } catch (const std::invalid_argument& error) {
    throw UsageError(
        fmt::format("cannot resume {}: what is recorded there as {}; start another run with --out",
                    run.directory().string(), error.what()));
  }
}

/// Launches and stores until the schedule or the user's patience ends; returns whether the user's
/// did.
bool measure_and_store(const PlannedSweep& planned, const WorkerAccess& worker, OpenRun& run,
                       StatusLine::Mode mode) {
  Progress progress(mode, planned.schedule, planned.info.axes);
  const auto recorded = run.records();
  try {
    measure(
        planned.schedule, worker, [&](const Record& record) { run.append(record); }, progress,
        recorded);
  } catch (const Interrupted&) {
    return true;
  }
  return false;
}

/// The same for the traces of what passed; each is in run.json before the next one starts.
bool trace_and_store(PlannedSweep& planned, const WorkerAccess& worker, const OpenRun& run,
                     std::ostream& progress) {
  const auto keep = [&](const CellTrace& trace) {
    planned.info.traces.push_back(trace);
    write_run_info(run.directory(), planned.info);
    fmt::print(progress, "{}\n", traced_text(trace, planned.info.axes));
  };
  try {
    trace_cells(run.records(), worker, run.directory(), keep, run.stored_traces());
  } catch (const Interrupted&) {
    return true;
  }
  return false;
}

/// Opens the run in `directory` and says what it finds there.
std::unique_ptr<OpenRun> open_run(const std::filesystem::path& directory, const RunOrigin& here,
                                  const std::optional<ResumePolicy>& resume,
                                  std::ostream& messages) {
  auto run = std::make_unique<OpenRun>(directory, here, resume);
  for (const auto& note : run->notes()) fmt::print(messages, "bench_sweep: warning: {}\n", note);
  if (resume) {
    fmt::print(messages, "resuming {} with {}\n", directory.string(),
               count_text(run->records().size(), "record"));
  }
  return run;
}

/// Where a new run goes: shards that start at the same time have directories of their own.
RunLocation new_location(const SweepSpec& spec, const Options& options,
                         std::chrono::system_clock::time_point now) {
  auto location = run_location(spec.name, options.out(), now);
  if (const auto shard = options.shard(); shard && !options.out()) {
    location.directory += fmt::format("-shard{}of{}", shard->index, shard->count);
  }
  return location;
}

/// What options besides the sweep file decide about the sweep.
Facts choices_of(const Options& options, const CellFilter& filter) {
  Facts choices;
  if (const auto shard = options.shard()) choices[kShardFact] = to_string(*shard);
  if (!filter.text().empty()) choices["filter"] = filter.text();
  return choices;
}

/// Writes and prints the reports; returns the exit status.
int finish(const PlannedSweep& planned, const OpenRun& run, bool interrupted, const SweepSpec& spec,
           const Context& context) {
  context.reporter.write(run.directory(), planned.info, run.records());
  context.reporter.print(context.out, planned.info, run.records());
  fmt::print(context.error, "{}{} in {}\n", interrupted ? "interrupted; " : "",
             summary_text(run.records()), run.directory().string());
  if (interrupted) {
    fmt::print(context.error, "go on with: bench_sweep {} --resume {}\n", spec.file.string(),
               run.directory().string());
  }
  auto outcome = judge_cells(planned.info.device,
                             summarize_cells(planned.info, run.records(), context.catalog));
  outcome.interrupted = interrupted;
  if (const std::string why = outcome_text(outcome, "\"Records\" above"); !why.empty()) {
    fmt::print(context.error, "{}\n", why);
  }
  return exit_status(outcome);
}

}  // namespace

int sweep_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep run");
  bool dry_run = false;
  ResumeOptions resume;
  options.add_sweep();
  options.add_out();
  options.add_shard();
  options.add_worker();
  options.add_when_busy();
  options.add_quiet();
  options.app().add_option("--resume", resume.directory)->excludes("--out")->check(not_empty);
  options.app().add_flag("--other-machine", resume.policy.other_machine)->needs("--resume");
  options.app().add_flag("--other-build", resume.policy.other_build)->needs("--resume");
  options.app().add_flag("--dry-run", dry_run)->excludes("--resume");
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto spec = options.sweep(context.catalog);
  const auto filter = options.filter(spec, context.catalog);
  const auto now = std::chrono::system_clock::now();
  const auto location =
      resume.given() ? RunLocation{resume.directory, {}} : new_location(spec, options, now);
  if (resume.given()) {
    check_resumable(location.directory);
  } else {
    check_run_location(location);
  }
  const Interrupt interrupt;
  const WorkerAccess worker = {options.worker(spec.device), interrupt.fd()};
  const auto here = origin_here(spec, choices_of(options, filter), worker.program, now);
  std::optional<DeviceLock> lock;
  if (!dry_run) {
    lock = use_device(spec.device, options.when_busy(), interrupt.fd(), context.error);
  }

  // What is resumed is opened, and refused where it does not fit, before anything is planned; the
  // directory of a new run is created when there is something to write.
  std::unique_ptr<OpenRun> run;
  if (resume.given()) {
    create_run_directory(location);
    run = open_run(location.directory, here, resume.policy, context.error);
  }
  auto planned = plan_sweep(spec, context.catalog, worker, filter);
  fmt::print(context.error, "{}", filter_text(planned));
  if (const auto shard = options.shard()) keep_shard(planned, *shard);
  const auto& device = planned.info.device;
  if (!device.available) fmt::print(context.error, "{}\n", device_absent_text(device));
  if (dry_run) {
    print_dry_run(spec.name, planned, context.out, context.error);
    return kExitDone;
  }
  if (run == nullptr) {
    create_run_directory(location);
    run = open_run(location.directory, here, std::nullopt, context.error);
  }
  check_records(*run, planned.schedule);
  planned.info.traces = run->stored_traces();
  write_run_info(run->directory(), planned.info);

  bool interrupted = measure_and_store(planned, worker, *run, options.progress());
  if (spec.trace && !interrupted) {
    std::ostream none(nullptr);
    interrupted =
        trace_and_store(planned, worker, *run,
                        options.progress() == StatusLine::Mode::kQuiet ? none : context.error);
  }
  return finish(planned, *run, interrupted, spec, context);
}

}  // namespace harness
