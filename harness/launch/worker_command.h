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

/// Processors that this process may use: its affinity mask, or less where a control group grants
/// less time than that. At least 1.
int available_processors();

/// `bench_worker [mode]` with OMP_NUM_THREADS set: `threads`, or every available processor for 0.
Command worker_command(const std::filesystem::path& program, const std::string& mode,
                       int64_t threads);

/// `bench_sweep cell '<cell>'`, quoted for a POSIX shell.
std::string repro_command(const Cell& cell);

}  // namespace harness
