#include "harness/launch/worker_command.h"

#include <algorithm>

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

Command worker_command(const std::filesystem::path& program, const std::string& mode,
                       const Measure& measure) {
  Command command;
  command.arguments.push_back(program.string());
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
