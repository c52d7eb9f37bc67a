#pragma once

#include <vector>

#include "harness/launch/worker_command.h"
#include "harness/launch/worker_libraries.h"
#include "machine/finding.h"

namespace harness {

/// Whether the worker's libraries are there, and whether it starts and ends as it should when it is
/// asked nothing. Throws Interrupted, and HarnessError where it cannot be started at all.
machine::Findings worker_findings(const WorkerAccess& worker,
                                  const std::vector<WorkerLibrary>& libraries);

}  // namespace harness
