#pragma once

#include <string>
#include <vector>

#include "harness/protocol/record.h"
#include "harness/protocol/run_info.h"
#include "reports/exports/benchmark.h"

namespace reports {

/// google_benchmark.json: Google Benchmark's output format, schema version 1, for its
/// tools/compare.py. A row of run_type "iteration" for every round, so that rounds are its
/// repetitions; `real_time` is the round's median global step in ms, and so is `cpu_time`, which is
/// not measured apart; `items_per_second` is samples/second.
std::string google_benchmark_json(const harness::RunInfo& info,
                                  const std::vector<Benchmark>& benchmarks);

}  // namespace reports
