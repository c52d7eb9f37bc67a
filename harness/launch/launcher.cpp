#include "harness/launch/launcher.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bench_build_info.h"
#include "harness/launch/phase_lines.h"
#include "harness/launch/process.h"
#include "harness/launch/worker_failure.h"
#include "harness/protocol/protocol_error.h"

namespace harness {
namespace {

/// Throws ProtocolError where a record that claims to have passed carries no times.
void check_passed(const Record& record) {
  if (record.samples.empty()) {
    throw ProtocolError("the worker returned a passed record without samples");
  }
  if (*std::min_element(record.samples.begin(), record.samples.end()) <= 0) {
    throw ProtocolError("the worker returned a step that took no time");
  }
  if (record.sequences_per_sample != record.cell.sequences_per_step()) {
    throw ProtocolError(fmt::format("the worker counted {} sequences a step where the cell has {}",
                                    record.sequences_per_sample, record.cell.sequences_per_step()));
  }
}

/// Throws ProtocolError where the worker's output is not one record of this cell and round.
Record parse_reply(const std::string& output, const Cell& cell, int64_t round) {
  Record record;
  try {
    record = parse_single_line(output).get<Record>();
  } catch (const nlohmann::json::exception& error) {
    throw ProtocolError(error.what());
  }
  if (record.cell != cell) throw ProtocolError("the worker returned a record of another cell");
  if (record.round != round) {
    throw ProtocolError(
        fmt::format("the worker returned round {} where {} was asked for", record.round, round));
  }
  if (record.status == Status::kPassed) check_passed(record);
  return record;
}

}  // namespace

Record launch(const Cell& cell, int64_t round, const WorkerAccess& worker) {
  const nlohmann::json request = {{"cell", cell}, {"round", round}, {"repro", repro_command(cell)}};
  const auto oom_kills_before = oom_kill_count();
  const auto result =
      run_process(worker_command(worker.program, "", cell.measure), request.dump() + "\n",
                  {.timeout_s = cell.measure.timeout_s, .stop_fd = worker.stop_fd});
  const auto failed = [&](Status status, const std::string& reason) {
    auto record = record_without_worker(cell, round, status, reason);
    record.phase = split_phase_lines(result.error_tail).phase;
    return record;
  };
  if (const auto failure =
          process_failure(result, cell.measure.timeout_s, oom_kill_count() - oom_kills_before)) {
    return failed(failure->status, failure->reason);
  }
  try {
    return parse_reply(result.output, cell, round);
  } catch (const ProtocolError& error) {
    return failed(Status::kCrashed, error.what());
  }
}

Record record_without_worker(const Cell& cell, int64_t round, Status status,
                             const std::string& reason) {
  Record record;
  record.cell = cell;
  record.round = round;
  record.status = status;
  record.reason = reason;
  record.phase = Phase::kSetup;
  record.sequences_per_sample = cell.sequences_per_step();
  record.environment = nlohmann::json::object();
  record.build = {{"commit", kBuildCommit},
                  {"dirty", kBuildDirty},
                  {"compiler", kBuildCompiler},
                  {"build_type", kBuildType},
                  {"version", kBuildVersion}};
  record.repro = repro_command(cell);
  return record;
}

}  // namespace harness
