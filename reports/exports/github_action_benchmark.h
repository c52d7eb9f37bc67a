#pragma once

#include <string>
#include <vector>

#include "reports/exports/benchmark.h"

namespace reports {

/// github_action_benchmark.json: what github-action-benchmark reads as `customBiggerIsBetter`:
/// `name`, `unit`, `value` (samples/second), `range` (half its 95 % interval, none below 6 rounds),
/// `extra` (peak memory).
std::string github_action_benchmark_json(const std::vector<Benchmark>& benchmarks);

}  // namespace reports
