#pragma once

#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/run_info.h"

namespace reports {

/// What a finished run prints: the speedup table, the flag-requirement table, what each flag costs,
/// the projected fine-tuning time and what became of the records. At most 100 columns, unless a
/// name is longer than its column.
std::string terminal_run(const harness::RunInfo& info, const harness::RunAnalysis& analysis,
                         bool colour);

/// What `bench_sweep plan` prints: the planned peak of every cell and the flag-requirement table.
std::string terminal_memory_plan(const harness::RunInfo& info, const harness::RunAnalysis& analysis,
                                 bool colour);

/// Whether to write colours to this file descriptor: it is a terminal, and the environment has no
/// NO_COLOR that is not empty.
bool use_colour(int file_descriptor);

}  // namespace reports
