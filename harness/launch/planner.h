#pragma once

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/launch/planning_process.h"
#include "harness/launch/worker_command.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"

namespace harness {

/// The data that cells name cannot be used, says the worker. what() is one line that names the
/// file.
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Asks workers about memory: each worker that a cell has is started once, with the first question
/// that it is asked, and kept as long as this lives.
class Planner {
 public:
  /// Cells of one question, so that the time an answer may take does not depend on the sweep.
  static constexpr std::size_t kCellsAtOnce = 512;

  /// `timeout_s` bounds each answer.
  explicit Planner(const WorkerAccess& worker, double timeout_s = 600)
      : worker_(worker), timeout_s_(timeout_s) {}

  /// Plans of `cells`, in their order; all cells are of one device. The device is there where a
  /// worker finds it; cells of a worker that does not are then unsupported. Cells of a foreign
  /// worker that fails have a Plan::failure_reason. Throws DataError, HarnessError where the
  /// driver's own worker fails, and Interrupted.
  PlanReply plan(const std::vector<Cell>& cells);

 private:
  using WorkerArguments = std::vector<std::string>;

  /// Of cells of one worker.
  PlanReply ask(const std::vector<Cell>& cells);
  PlanReply plan_with(const WorkerArguments& worker, const std::vector<Cell>& cells);

  WorkerAccess worker_;
  double timeout_s_;
  std::map<WorkerArguments, PlanningProcess> processes_;
};

}  // namespace harness
