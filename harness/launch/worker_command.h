#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/launch/child_process.h"
#include "harness/protocol/cell.h"

namespace harness {

/// How to reach workers, the same for a whole run of the driver.
struct WorkerAccess {
  std::filesystem::path program;  ///< of all cells without a worker of their own
  int stop_fd = -1;               ///< readable once the user wants to stop; -1: never
};

/// The program that measures `cell`, and its arguments.
std::vector<std::string> worker_arguments(const WorkerAccess& access, const Cell& cell);

/// `worker [mode]` with the environment that OpenMP reads before main: OMP_NUM_THREADS is
/// `measure.threads`, or every available processor for 0. With the pinning "compact" OMP_PLACES
/// names as many processors, one to a core as far as there are cores, and OMP_PROC_BIND binds the
/// threads to them in order; fewer where this process may use fewer.
Command worker_command(std::vector<std::string> worker, const std::string& mode,
                       const Measure& measure = {});

/// `bench_sweep cell '<cell>'`, quoted for a POSIX shell.
std::string repro_command(const Cell& cell);

}  // namespace harness
