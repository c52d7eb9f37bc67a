#pragma once

#include <functional>

#include "harness/cli/progress.h"
#include "harness/launch/worker_command.h"
#include "harness/plan/schedule.h"
#include "harness/protocol/record.h"

namespace harness {

/// Takes each record as it comes.
using RecordSink = std::function<void(const Record&)>;

/// Carries a schedule out: a record for every cell that is not launched; the correctness gate for
/// the others, once a combination, and a record for every cell that it stops; then the launches in
/// their order. A cell of which a round did not pass is not launched again.
/// Throws Interrupted, and HarnessError where workers cannot be started or `sink` fails.
void measure(const Schedule& schedule, const WorkerAccess& worker, const RecordSink& sink,
             Progress& progress);

}  // namespace harness
