#pragma once

#include <cstddef>
#include <stdexcept>
#include <vector>

#include "harness/launch/child_process.h"
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

/// One `bench_worker --plan` process that answers questions about memory for as long as this
/// lives. A planner that dies, hangs or answers wrongly is a HarnessError: without plans there is
/// no sweep.
class Planner {
 public:
  /// Cells of one question, so that the time an answer may take does not depend on the sweep.
  static constexpr std::size_t kCellsAtOnce = 512;

  /// Starts the worker. `timeout_s` bounds each answer. Throws HarnessError.
  explicit Planner(const WorkerAccess& worker, double timeout_s = 600);

  /// Plans of `cells`, in their order; all cells are of one device. Throws DataError,
  /// HarnessError and Interrupted.
  PlanReply plan(const std::vector<Cell>& cells);

 private:
  PlanReply plan_at_once(const std::vector<Cell>& cells);
  std::string ask(const std::string& line);

  ChildProcess process_;
  int stop_fd_;
  double timeout_s_;
};

}  // namespace harness
