#include "harness/launch/worker_command.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "machine/processors.h"

namespace harness {
namespace {

/// OpenMP's list of places: a processor each for at most `threads` threads.
std::string places(std::size_t threads) {
  auto processors = machine::one_to_a_core(machine::allowed_processors());
  processors.resize(std::min(processors.size(), threads));
  return fmt::format("{{{}}}", fmt::join(processors, "},{"));
}

}  // namespace

std::vector<std::string> worker_arguments(const WorkerAccess& access, const Cell& cell) {
  return cell.worker.empty() ? std::vector{access.program.string()} : cell.worker;
}

Command worker_command(std::vector<std::string> worker, const std::string& mode,
                       const Measure& measure) {
  Command command;
  command.arguments = std::move(worker);
  if (!mode.empty()) command.arguments.push_back(mode);
  const auto threads = measure.threads > 0 ? measure.threads : machine::available_processors();
  command.environment = {{"OMP_NUM_THREADS", std::to_string(threads)}};
  if (measure.pinning == "compact") {
    command.environment.emplace_back("OMP_PROC_BIND", "close");
    command.environment.emplace_back("OMP_PLACES", places(static_cast<std::size_t>(threads)));
  }
  return command;
}

std::string repro_command(const Cell& cell) {
  std::string quoted;
  for (const char character : nlohmann::json(cell).dump()) {
    if (character == '\'') {
      quoted += "'\\''";
    } else {
      quoted += character;
    }
  }
  return "bench_sweep cell '" + quoted + "'";
}

}  // namespace harness
