#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "harness/cli/progress.h"
#include "harness/launch/checker.h"
#include "harness/launch/worker_command.h"
#include "harness/plan/schedule.h"
#include "harness/protocol/record.h"

namespace harness {

/// Takes each record as it comes.
using RecordSink = std::function<void(const Record&)>;

/// Which worker runs a cell of a schedule, by the cell's place in it.
using WorkerOf = std::function<WorkerAccess(std::size_t cell)>;

/// Takes each record as it comes, with the place of its cell in the schedule.
using PlacedRecordSink = std::function<void(std::size_t cell, const Record&)>;

/// The record, of this round, of a cell that is not launched.
Record unlaunched_record(const ScheduledCell& scheduled, int64_t round);

/// One round of a cell that is to be launched, with its plan and the gate's result; where the gate
/// stops it, the record that says so. Throws Interrupted, and HarnessError where workers cannot be
/// started.
Record measure_round(const ScheduledCell& scheduled, int64_t round, Checker& checker,
                     const WorkerAccess& worker);

/// Carries a schedule out: a record for every cell that is not launched; the correctness gate for
/// the others, once a combination, and a record for every cell that it stops; then the launches in
/// their order. A cell of which a round did not pass is not launched again. `recorded`: what an
/// earlier process has carried out already, which is not done again.
/// Throws std::invalid_argument where a recorded cell is not the schedule's, Interrupted, and
/// HarnessError where workers cannot be started or `sink` fails.
void measure(const Schedule& schedule, const WorkerAccess& worker, const RecordSink& sink,
             Progress& progress, const std::vector<Record>& recorded = {});

/// The same with a worker a cell, each of which passes the correctness gate by itself.
void measure(const Schedule& schedule, const WorkerOf& worker_of, const PlacedRecordSink& sink,
             Progress& progress, const std::vector<Record>& recorded = {});

}  // namespace harness
