#include "harness/launch/worker_command.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>
#include <sched.h>

namespace harness {
namespace {

/// Processors' worth of time that the control group grants (cpu.max of cgroup v2 as a container
/// sees it), or `otherwise` where none is set.
int granted_processors(int otherwise) {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0;
  double period = 0;
  if (!(file >> quota >> period) || period <= 0) return otherwise;  // "max": no bound
  return static_cast<int>(std::ceil(quota / period));
}

}  // namespace

int available_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int affine = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return std::max(1, std::min(affine, granted_processors(affine)));
}

Command worker_command(const std::filesystem::path& program, const std::string& mode,
                       int64_t threads) {
  Command command;
  command.arguments.push_back(program.string());
  if (!mode.empty()) command.arguments.push_back(mode);
  command.environment = {
      {"OMP_NUM_THREADS", std::to_string(threads > 0 ? threads : available_processors())}};
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
