#pragma once

#include <cstdint>
#include <memory>

#include "apps/bench_kernels/bench.h"

namespace apps {

/// Registers with Google Benchmark, for every subject and setting, the subject's lines and the
/// ceiling, `copy` or `peak`, under names "subject/precision/model/line". Running them throws what
/// Subject::make throws.
void register_benchmarks(const std::shared_ptr<Bench>& bench, int64_t sequence);

}  // namespace apps
