#pragma once

#include <string>
#include <vector>

#include "reports/exports/benchmark.h"

namespace reports {

/// bencher.json: Bencher Metric Format. Of every benchmark the measures `throughput`
/// (samples/second with its 95 % interval as lower and upper value) and `peak-memory` (bytes).
std::string bencher_json(const std::vector<Benchmark>& benchmarks);

}  // namespace reports
