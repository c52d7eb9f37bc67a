#include "harness/launch/launcher.h"

#include <chrono>

#include <nlohmann/json.hpp>

#include "bench_build_info.h"
#include "harness/launch/phase_lines.h"
#include "harness/launch/process.h"
#include "harness/launch/record_check.h"
#include "harness/launch/worker_failure.h"
#include "harness/protocol/protocol_error.h"

namespace harness {

Record launch(const Cell& cell, int64_t round, const WorkerAccess& worker) {
  const nlohmann::json request = {{"cell", cell}, {"round", round}, {"repro", repro_command(cell)}};
  const auto oom_kills_before = oom_kill_count();
  const auto begin = std::chrono::steady_clock::now();
  const auto result = run_process(worker_command(worker_arguments(worker, cell), "", cell.measure),
                                  request.dump() + "\n",
                                  {.timeout_s = cell.measure.timeout_s, .stop_fd = worker.stop_fd});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
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
    return parse_record(result.output, cell, round, seconds.count());
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
