#pragma once

#include "harness/launch/worker_command.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/record.h"

namespace harness {

/// Runs one fresh `bench_worker` for one round of a cell and returns what it reported. Whatever
/// goes wrong with the worker becomes a record that says so: crashed (a signal, an exit status, an
/// answer that is not one record of this cell and round) or timed_out, phase setup.
/// Throws Interrupted, and HarnessError where the worker program cannot be started at all.
Record launch(const Cell& cell, int64_t round, const WorkerAccess& worker);

/// The record of a round that no worker reported on.
Record record_without_worker(const Cell& cell, int64_t round, Status status,
                             const std::string& reason);

}  // namespace harness
