#pragma once

#include <string>
#include <vector>

#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"
#include "harness/protocol/run_origin.h"

namespace harness {

/// One of several runs of the same sweep: a shard, or as much as a machine came to.
struct RunPart {
  std::string name;  ///< what errors call it
  RunOrigin origin;
  RunInfo info;
  std::vector<Record> records;
};

/// What the user allows to differ between the parts.
struct MergePolicy {
  bool other_machine = false;  ///< machines that are not alike, each with comparisons of its own
  bool other_build = false;    ///< builds of the worker
};

/// Several runs as one.
struct MergedRun {
  RunOrigin origin;
  RunInfo info;
  std::vector<Record> records;  ///< in the order of the parts
  std::size_t repeated = 0;     ///< records that several parts had, all alike
};

/// Joins runs of one sweep. Every comparison (cells equal but for optimizer, implementation and
/// flags) must have been measured on one machine. Other machines than the first part's must be like
/// it in everything but their name, because tables also compare micro-batches; the policy can allow
/// otherwise. Data may lie in other places.
/// Throws UsageError, one line that names the parts, where that does not hold, where the parts are
/// of other sweeps, plans or builds, and where two have different records of one cell and round;
/// std::invalid_argument without a part.
MergedRun merge_runs(const std::vector<RunPart>& parts, const MergePolicy& policy);

}  // namespace harness
