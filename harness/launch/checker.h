#pragma once

#include <map>
#include <string>

#include "harness/launch/worker_command.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/record.h"

namespace harness {

/// The correctness gate: runs `bench_worker --check` once for each (implementation, flags,
/// precision, layer norm, GELU), and simulated device, and remembers the result for the rest of the
/// sweep. The gate uses a small model of its own, outside the cell's memory limit.
class Checker {
 public:
  explicit Checker(const WorkerAccess& worker) : worker_(worker) {}

  /// Result for the cell's combination. A check that crashed, hung or answered wrongly proved
  /// nothing: mistrusted. Throws Interrupted, and HarnessError where no worker can be started.
  const CheckResult& check(const Cell& cell);

  /// What one check covers, as text: "fused+gelu_checkpoint fp32 post erf".
  static std::string combination(const Cell& cell);

 private:
  CheckResult run(const Cell& cell) const;

  WorkerAccess worker_;
  std::map<std::string, CheckResult> results_;
};

}  // namespace harness
