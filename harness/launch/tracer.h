#pragma once

#include <filesystem>
#include <string>

#include "harness/launch/worker_command.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/step_trace.h"

namespace harness {

/// Runs one fresh `bench_worker --trace`, which writes the Chrome trace of one step of the cell to
/// `file` below `directory`, an existing folder of its own run directory. Whatever goes wrong with
/// the worker becomes a trace that failed, with the reason.
/// Throws Interrupted, and HarnessError where the worker program cannot be started at all.
CellTrace trace(const Cell& cell, const std::filesystem::path& directory, const std::string& file,
                const WorkerAccess& worker);

}  // namespace harness
