#pragma once

#include <string>

#include "harness/tuning/tuning_result.h"

namespace reports {

/// What `bench_sweep tune` prints at its end: the answer, its runners-up and why.
std::string tuning_terminal(const harness::TuningResult& result, bool colour);

}  // namespace reports
