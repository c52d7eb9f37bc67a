#pragma once

#include <memory>

#include "apps/bench_kernels/bench.h"

namespace apps {

/// Registers with Google Benchmark, for every operator and setting, the lines `fused`, `torch` and
/// the ceiling, `copy` or `peak`, under names "operator/direction/precision/model/line". Running
/// them throws what Bench::prepare throws.
void register_benchmarks(const std::shared_ptr<Bench>& bench);

}  // namespace apps
