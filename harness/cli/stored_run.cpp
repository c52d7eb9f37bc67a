#include "harness/cli/stored_run.h"

#include <ostream>

#include <fmt/ostream.h>

namespace harness {

StoredRun read_run_aloud(const std::filesystem::path& directory, std::ostream& error) {
  auto run = read_run(directory);
  if (!run.stored.warning.empty()) {
    fmt::print(error, "bench_sweep: warning: {}\n", run.stored.warning);
  }
  return run;
}

}  // namespace harness
