#include "harness/cli/doctor_command.h"

#include <iterator>
#include <utility>

#include <fmt/ostream.h>

#include "harness/cli/exit_status.h"
#include "harness/cli/findings_text.h"
#include "harness/cli/options.h"
#include "harness/harness_error.h"
#include "harness/launch/interrupt.h"
#include "harness/launch/process.h"
#include "harness/launch/worker_findings.h"
#include "machine/clock_findings.h"
#include "machine/gpu_findings.h"
#include "machine/load_findings.h"
#include "machine/memory_findings.h"
#include "machine/processors.h"

namespace harness {
namespace {

/// How long the processes are watched.
constexpr double kWatchSeconds = 1;

void append(machine::Findings& findings, machine::Findings more) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
}

/// What nvidia-smi says to the query of gpu_findings(), if it runs.
std::optional<std::string> ask_nvidia_smi(int stop_fd) {
  const Command command = {{"/usr/bin/env", "nvidia-smi", machine::kSmiQuery, machine::kSmiFormat}};
  const auto result = run_process(command, "", {.timeout_s = 30, .stop_fd = stop_fd});
  const bool answered = result.end == ProcessResult::End::kExited && result.exit.exit_code == 0;
  return answered ? std::optional(result.output) : std::nullopt;
}

}  // namespace

int doctor_command(const Arguments& arguments, const Context& context) {
  Options options("bench_sweep doctor");
  std::string device = "cpu";
  options.add_worker();
  options.app().add_option("--device", device)->check(CLI::IsMember({"cpu", "cuda"}));
  if (!options.parse(arguments, context.out)) return kExitDone;

  const Interrupt interrupt;
  const auto processors = machine::allowed_processors();
  auto findings = machine::clock_findings(processors);
  append(findings, machine::load_findings(processors, machine::watch_processes(kWatchSeconds)));
  append(findings, machine::memory_findings());
  std::vector<WorkerLibrary> libraries;
  try {
    const WorkerAccess worker = {options.worker({.kind = device}), interrupt.fd()};
    libraries = worker_libraries(worker);
    append(findings, worker_findings(worker, libraries));
  } catch (const UsageError& error) {
    findings.push_back({machine::Verdict::kBroken, "worker", error.what(), ""});
  } catch (const HarnessError& error) {
    findings.push_back(
        {machine::Verdict::kBroken, "worker", error.what(), "`make build` builds it"});
  }
  if (device == "cuda") {
    append(findings,
           machine::gpu_findings(cuda_runtime(libraries), ask_nvidia_smi(interrupt.fd())));
  }
  context.out << findings_text(findings);
  fmt::print(context.error, "{}\n", findings_summary(findings));
  return findings_status(findings);
}

}  // namespace harness
