#include "harness/cli/self_test_command.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/cli/device_use.h"
#include "harness/cli/gate_options.h"
#include "harness/cli/output_location.h"
#include "harness/cli/planned_sweep.h"
#include "harness/launch/interrupt.h"
#include "harness/launch/process.h"

namespace harness {
namespace {

/// More gates than a week has time for.
constexpr int64_t kMostGates = 10000;

/// The outcomes of all gates as one: what any of them found.
Outcome joined(Outcome a, const Outcome& b) {
  a.nothing_passed = a.nothing_passed || b.nothing_passed;
  a.incorrect = a.incorrect || b.incorrect;
  a.device_absent = a.device_absent || b.device_absent;
  a.gate_failed = a.gate_failed || b.gate_failed;
  a.inconclusive = a.inconclusive || b.inconclusive;
  return a;
}

/// On a simulated device, with noise of its own: its own twin would be equal to the last digit.
GateSide with_luck(GateSide side, uint64_t stream) {
  if (side.spec.device.simulated) side.spec.device.simulated->stream += stream;
  return side;
}

}  // namespace

int self_test_command(const Arguments& arguments, const Context& context) {
  GateOptions options("bench_sweep selftest");
  int64_t gates = 1;
  options.common().app().add_option("--runs", gates)->check(CLI::Range(int64_t{1}, kMostGates));
  if (!options.common().parse(arguments, context.out)) return kExitDone;

  const auto spec = options.common().sweep(context.catalog);
  auto setting = options.setting(context.catalog, spec, GateAgainst::kWorker);
  const auto location = output_location("selftest", spec.name, options.common().out());
  check_run_location(location);
  const Interrupt interrupt;
  const WorkerAccess worker = {options.common().worker(spec.device), interrupt.fd()};
  const GateSide side = {worker.program.string(), spec, worker,
                         options.common().filter(spec, context.catalog)};
  const auto lock =
      use_device(spec.device, options.common().when_busy(), interrupt.fd(), context.error);

  std::vector<GateResult> results;
  Outcome outcome;
  try {
    for (int64_t gate = 0; gate < gates; ++gate) {
      setting.seed = spec.measure.seed + 2 * static_cast<uint64_t>(gate);  // a gate uses two
      const auto directory = location.directory / fmt::format("gate-{:03}", gate + 1);
      const auto run = gate_against_worker(
          with_luck(side, 2 * static_cast<uint64_t>(gate) * kStreamsOfAMeasurement),
          with_luck(side, 2 * static_cast<uint64_t>(gate) * kStreamsOfAMeasurement + 1), setting,
          directory);
      if (gate == 0 && !run.device.available) {
        fmt::print(context.error, "{}\n", device_absent_text(run.device));
      }
      context.reporter.write_gate(directory, run.result);
      results.push_back(run.result);
      outcome = joined(outcome, outcome_of(run));
      // After every gate: an interrupted self-test says what the gates so far have shown.
      context.reporter.write_self_test(location.directory, results);
    }
  } catch (const Interrupted&) {
    outcome.interrupted = true;
  }
  context.reporter.print_self_test(context.out, results);
  fmt::print(context.error, "{}{} of {} gates in {}\n", outcome.interrupted ? "interrupted; " : "",
             results.size(), gates, location.directory.string());
  return exit_status(outcome);
}

}  // namespace harness
