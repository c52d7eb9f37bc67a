#include "harness/cli/gate_command.h"

#include <filesystem>
#include <functional>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/device_use.h"
#include "harness/cli/gate_options.h"
#include "harness/cli/output_location.h"
#include "harness/cli/planned_sweep.h"
#include "harness/cli/stored_run.h"
#include "harness/harness_error.h"
#include "harness/launch/interrupt.h"
#include "harness/launch/process.h"

namespace harness {
namespace {

/// What the user names to compare with.
struct Against {
  std::filesystem::path worker;
  std::filesystem::path run;
};

}  // namespace

int gate_command(const Arguments& arguments, const Context& context) {
  GateOptions options("bench_sweep gate");
  Against against;
  auto* worker_option = options.common().app().add_option("--against-worker", against.worker);
  options.common().app().add_option("--against-run", against.run)->excludes(worker_option);
  if (!options.common().parse(arguments, context.out)) return kExitDone;
  const auto spec = options.common().sweep(context.catalog);
  if (against.worker.empty() && against.run.empty() && !spec.device_after) {
    throw UsageError(
        "nothing to gate against; name another build's worker with --against-worker "
        "or a run directory with --against-run");
  }
  const auto location = output_location("gate", spec.name, options.common().out());
  check_run_location(location);
  const Interrupt interrupt;
  const WorkerAccess worker = {options.common().worker(spec.device), interrupt.fd()};
  const auto filter = options.common().filter(spec, context.catalog);
  const GateSide after = {worker.program.string(), spec, worker, filter};

  // What can be wrong with the command line is found before the device is waited for.
  const auto prepare = [&]() -> std::function<GateRun()> {
    if (!against.run.empty()) {
      const auto setting = options.setting(context.catalog, spec, GateAgainst::kRun);
      return [&, setting, stored = read_run_aloud(against.run, context.error)] {
        return gate_against_run(stored, against.run.string(), after, setting, location.directory);
      };
    }
    const auto setting = options.setting(context.catalog, spec, GateAgainst::kWorker);
    if (against.worker.empty()) {
      auto changed = after;
      changed.label = "the device after its change";
      changed.spec.device = *spec.device_after;
      return [&, setting, changed] {
        return gate_against_worker({"the device", spec, worker, filter}, changed, setting,
                                   location.directory);
      };
    }
    const auto other = worker_at(against.worker, "name another build's with --against-worker");
    return [&, setting, other] {
      return gate_against_worker({other.string(), spec, {other, interrupt.fd()}, filter}, after,
                                 setting, location.directory);
    };
  };
  const auto gate = prepare();
  const auto lock =
      use_device(spec.device, options.common().when_busy(), interrupt.fd(), context.error);
  GateRun run;
  try {
    run = gate();
  } catch (const Interrupted&) {
    fmt::print(context.error, "interrupted; the records so far are in {}\n",
               location.directory.string());
    return kExitInterrupted;
  }
  if (!run.device.available) fmt::print(context.error, "{}\n", device_absent_text(run.device));
  context.reporter.write_gate(location.directory, run.result);
  context.reporter.print_gate(context.out, run.result);
  fmt::print(context.error, "records of both sides and the verdicts are in {}\n",
             location.directory.string());
  return exit_status(outcome_of(run));
}

}  // namespace harness
