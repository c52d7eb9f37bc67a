#include "harness/cli/measurement.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "harness/cli/launch_seconds.h"
#include "harness/launch/checker.h"
#include "harness/launch/launcher.h"
#include "harness/plan/cell_progress.h"

namespace harness {
namespace {

/// The gate's result for each cell that is to be launched, none for the others.
using Gate = std::vector<std::optional<CheckResult>>;

Gate check_cells(const Schedule& schedule, const std::vector<CellProgress>& done,
                 const WorkerOf& worker_of, Progress& progress) {
  std::map<std::filesystem::path, Checker> checkers;
  Gate gate;
  for (std::size_t i = 0; i < schedule.cells.size(); ++i) {
    const auto& scheduled = schedule.cells[i];
    auto& result = gate.emplace_back();
    if (scheduled.not_launched || !done[i].open(scheduled.cell.measure.rounds)) continue;
    progress.checking(Checker::combination(scheduled.cell));
    const auto worker = worker_of(i);
    result = checkers.try_emplace(worker.program, worker).first->second.check(scheduled.cell);
  }
  return gate;
}

bool passed(const std::optional<CheckResult>& check) {
  return check && check->status == Status::kPassed;
}

Record gated_record(const ScheduledCell& scheduled, int64_t round, const CheckResult& check) {
  auto record = record_without_worker(scheduled.cell, round, check.status, check.reason);
  record.memory.planned = scheduled.plan.footprint;
  record.check = check;
  return record;
}

Record launched_record(const ScheduledCell& scheduled, int64_t round, const CheckResult& check,
                       const WorkerAccess& worker) {
  const auto begin = std::chrono::steady_clock::now();
  auto record = launch(scheduled.cell, round, worker);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  set_launch_seconds(record, seconds.count());
  record.memory.planned = scheduled.plan.footprint;
  record.check = check;
  return record;
}

}  // namespace

Record unlaunched_record(const ScheduledCell& scheduled, int64_t round) {
  auto record =
      record_without_worker(scheduled.cell, round, *scheduled.not_launched, scheduled.reason);
  record.memory.planned = scheduled.plan.footprint;
  record.memory.source = "planned";
  if (record.status == Status::kOutOfMemory && scheduled.plan.footprint) {
    record.phase = parse_phase(scheduled.plan.footprint->peak_phase);
  }
  return record;
}

Record measure_round(const ScheduledCell& scheduled, int64_t round, Checker& checker,
                     const WorkerAccess& worker) {
  const CheckResult& check = checker.check(scheduled.cell);
  return check.status == Status::kPassed ? launched_record(scheduled, round, check, worker)
                                         : gated_record(scheduled, round, check);
}

void measure(const Schedule& schedule, const WorkerAccess& worker, const RecordSink& sink,
             Progress& progress, const std::vector<Record>& recorded) {
  measure(
      schedule, [&](std::size_t) { return worker; },
      [&](std::size_t, const Record& record) { sink(record); }, progress, recorded);
}

void measure(const Schedule& schedule, const WorkerOf& worker_of, const PlacedRecordSink& sink,
             Progress& progress, const std::vector<Record>& recorded) {
  const auto done = cell_progress(schedule, recorded);
  for (std::size_t i = 0; i < schedule.cells.size(); ++i) {
    const auto& scheduled = schedule.cells[i];
    if (scheduled.not_launched && done[i].open(scheduled.cell.measure.rounds)) {
      sink(i, unlaunched_record(scheduled, done[i].next_round()));
    }
  }
  const auto gate = check_cells(schedule, done, worker_of, progress);
  std::vector<bool> launchable;
  for (std::size_t i = 0; i < gate.size(); ++i) {
    launchable.push_back(passed(gate[i]));
    if (gate[i] && !passed(gate[i])) {
      sink(i, gated_record(schedule.cells[i], done[i].next_round(), *gate[i]));
    }
  }
  for (const auto& next : schedule.launches) {
    const auto& scheduled = schedule.cells[next.cell];
    if (done[next.cell].rounds.contains(next.round)) {
      progress.recorded(next);
      continue;
    }
    if (!launchable[next.cell]) {
      progress.passed_over(next);
      continue;
    }
    progress.started(next, scheduled.cell);
    const auto record =
        launched_record(scheduled, next.round, *gate[next.cell], worker_of(next.cell));
    sink(next.cell, record);
    launchable[next.cell] = record.status == Status::kPassed;
    progress.finished(next, record, launch_seconds(record).value());
  }
}

}  // namespace harness
