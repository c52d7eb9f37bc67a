#pragma once

#include <vector>

#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"

namespace reports {

struct SampleRun {
  harness::RunInfo info;
  std::vector<harness::Record> records;
};

/// A run on a CPU of 2 GiB that has one of everything: a baseline out of memory, one that is so by
/// the plan alone, an incorrect, a mistrusted, a skipped, an unsupported, a timed-out and a crashed
/// cell, a cell that never ran, one whose rounds disagree, fewer than six rounds, and reasons that
/// need quoting.
SampleRun measured_run();

/// A sweep with published tables on a machine without its device: planned, nothing measured.
SampleRun planned_run();

/// A run with two optimizers and with candidates that compute without padding: flag sets that are
/// faster than the cheapest beyond the noise and within it, and a cell that one optimizer lacks.
SampleRun two_optimizers_run();

}  // namespace reports
