#include "harness/cli/sweep_command.h"

#include <chrono>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/dry_run.h"
#include "harness/cli/exit_status.h"
#include "harness/cli/measurement.h"
#include "harness/cli/options.h"
#include "harness/cli/planned_sweep.h"
#include "harness/cli/progress.h"
#include "harness/cli/progress_text.h"
#include "harness/cli/tracing.h"
#include "harness/launch/interrupt.h"
#include "harness/launch/process.h"
#include "harness/store/run_directory.h"

namespace harness {
namespace {

struct Measured {
  std::vector<Record> records;
  bool interrupted = false;
};

/// Launches and stores until the schedule or the user's patience ends. Creating the log comes
/// first: it fails where another run has taken the directory meanwhile, and then nothing is
/// overwritten.
Measured measure_and_store(const PlannedSweep& planned, const WorkerAccess& worker,
                           const std::filesystem::path& directory, StatusLine::Mode mode) {
  Measured result;
  RecordLog log(records_path(directory));
  write_run_info(directory, planned.info);
  Progress progress(mode, planned.schedule, planned.info.axes);
  const auto keep = [&](const Record& record) {
    log.append(record);
    result.records.push_back(record);
  };
  try {
    measure(planned.schedule, worker, keep, progress);
  } catch (const Interrupted&) {
    result.interrupted = true;
  }
  return result;
}

/// The same for the traces of what passed; each is in run.json before the next one starts.
void trace_and_store(PlannedSweep& planned, const WorkerAccess& worker,
                     const std::filesystem::path& directory, std::ostream& progress,
                     Measured& measured) {
  const auto keep = [&](const CellTrace& trace) {
    planned.info.traces.push_back(trace);
    write_run_info(directory, planned.info);
    fmt::print(progress, "{}\n", traced_text(trace, planned.info.axes));
  };
  try {
    trace_cells(measured.records, worker, directory, keep);
  } catch (const Interrupted&) {
    measured.interrupted = true;
  }
}

}  // namespace

int sweep_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep run");
  bool dry_run = false;
  options.add_sweep();
  options.add_out();
  options.add_worker();
  options.add_quiet();
  options.app().add_flag("--dry-run", dry_run);
  if (!options.parse(arguments, context.out)) return kExitDone;

  const auto spec = options.sweep(context.catalog);
  const auto location = run_location(spec.name, options.out(), std::chrono::system_clock::now());
  check_run_location(location);
  const Interrupt interrupt;
  const WorkerAccess worker = {options.worker(spec.device), interrupt.fd()};

  auto planned = plan_sweep(spec, context.catalog, worker, options.filter(spec, context.catalog));
  fmt::print(context.error, "{}", filter_text(planned));
  const auto& device = planned.info.device;
  if (!device.available) fmt::print(context.error, "{}\n", device_absent_text(device));
  if (dry_run) {
    print_dry_run(spec.name, planned, context.out, context.error);
    return kExitDone;
  }

  create_run_directory(location);
  const auto mode = options.progress();
  auto measured = measure_and_store(planned, worker, location.directory, mode);
  if (spec.trace && !measured.interrupted) {
    std::ostream none(nullptr);
    trace_and_store(planned, worker, location.directory,
                    mode == StatusLine::Mode::kQuiet ? none : context.error, measured);
  }

  context.reporter.write(location.directory, planned.info, measured.records);
  context.reporter.print(context.out, planned.info, measured.records);
  fmt::print(context.error, "{}{} in {}\n", measured.interrupted ? "interrupted; " : "",
             summary_text(measured.records), location.directory.string());
  const auto cells = summarize_cells(planned.info, measured.records, context.catalog);
  auto outcome = judge_cells(device, cells);
  outcome.interrupted = measured.interrupted;
  if (const std::string why = outcome_text(outcome); !why.empty()) {
    fmt::print(context.error, "{}\n", why);
  }
  return exit_status(outcome);
}

}  // namespace harness
