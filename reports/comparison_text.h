#pragma once

#include <string>

#include "harness/analysis/run_comparison.h"

namespace reports {

/// What `bench_sweep compare` prints: the × and the memory of every cell that both runs have, the
/// geometric mean of the × with how many cells are in it, and the new and the lost cells.
std::string comparison_text(const harness::RunComparison& comparison, bool colour);

}  // namespace reports
