#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "harness/launch/worker_command.h"
#include "harness/protocol/record.h"
#include "harness/protocol/step_trace.h"

namespace harness {

/// Takes each trace as it comes.
using TraceSink = std::function<void(const CellTrace&)>;

/// Traces one step of every cell of which each record passed, in the order of the records, into
/// the run directory, but for cells that have a trace among `traced`. A trace that fails is handed
/// on like the others.
/// Throws Interrupted, and HarnessError where workers cannot be started or `sink` fails.
void trace_cells(const std::vector<Record>& records, const WorkerAccess& worker,
                 const std::filesystem::path& run_directory, const TraceSink& sink,
                 const std::vector<CellTrace>& traced = {});

}  // namespace harness
