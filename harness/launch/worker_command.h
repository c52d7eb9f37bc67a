#pragma once

#include <filesystem>
#include <string>

#include "harness/launch/child_process.h"
#include "harness/protocol/cell.h"

namespace harness {

/// How to reach workers, the same for a whole run of the driver.
struct WorkerAccess {
  std::filesystem::path program;  ///< bench_worker, or a stand-in
  int stop_fd = -1;               ///< readable once the user wants to stop; -1: never
};

/// `bench_worker [mode]` with the environment that OpenMP reads before main: OMP_NUM_THREADS is
/// `measure.threads`, or every available processor for 0. With the pinning "compact" OMP_PLACES
/// names as many processors, one to a core as far as there are cores, and OMP_PROC_BIND binds the
/// threads to them in order; fewer where this process may use fewer.
Command worker_command(const std::filesystem::path& program, const std::string& mode,
                       const Measure& measure = {});

/// `bench_sweep cell '<cell>'`, quoted for a POSIX shell.
std::string repro_command(const Cell& cell);

}  // namespace harness
