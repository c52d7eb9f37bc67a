#pragma once

#include <string>
#include <vector>

#include "harness/launch/child_process.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"

namespace harness {

/// One worker with --plan that answers questions about memory for as long as this lives. A planner
/// that dies, hangs or answers wrongly is a HarnessError: without plans there is no sweep.
class PlanningProcess {
 public:
  /// Starts the worker, a program and its arguments. `timeout_s` bounds each answer; `stop_fd` as
  /// in WorkerAccess. Throws HarnessError.
  PlanningProcess(const std::vector<std::string>& worker, int stop_fd, double timeout_s);

  /// The worker's reply to one question. All cells are of one device, and there is at least one.
  /// Throws HarnessError and Interrupted.
  PlanReply ask(const std::vector<Cell>& cells);

 private:
  std::string exchange(const std::string& line);

  std::string name_;  ///< of the process, as errors have it
  ChildProcess process_;
  int stop_fd_;
  double timeout_s_;
};

}  // namespace harness
