#include "reports/exports/google_benchmark.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace reports {

using nlohmann::ordered_json;

std::string google_benchmark_json(const harness::RunInfo& info,
                                  const std::vector<Benchmark>& benchmarks) {
  ordered_json rows = ordered_json::array();
  for (std::size_t family = 0; family < benchmarks.size(); ++family) {
    const Benchmark& benchmark = benchmarks[family];
    // Readers choose the wall clock by the end of the name.
    const std::string name = benchmark.name + "/real_time";
    const harness::CellSummary& cell = *benchmark.cell;
    for (std::size_t i = 0; i < cell.rounds.size(); ++i) {
      const double seconds = cell.rounds[i].seconds_per_sequence;
      const double milliseconds =
          1e3 * seconds * static_cast<double>(cell.cell.sequences_per_step());
      rows.push_back({{"name", name},
                      {"family_index", family},
                      {"per_family_instance_index", 0},
                      {"run_name", name},
                      {"run_type", "iteration"},
                      {"repetitions", cell.rounds.size()},
                      {"repetition_index", i},
                      {"threads", 1},
                      {"iterations", cell.cell.measure.steps},
                      {"real_time", milliseconds},
                      {"cpu_time", milliseconds},
                      {"time_unit", "ms"},
                      {"items_per_second", 1 / seconds}});
    }
  }
  const ordered_json document = {{"context",
                                  {{"executable", "bench_sweep"},
                                   {"sweep", info.name},
                                   {"device", info.device.kind},
                                   {"caches", ordered_json::array()},
                                   {"library_build_type", "release"},
                                   {"json_schema_version", 1}}},
                                 {"benchmarks", std::move(rows)}};
  return document.dump(2) + "\n";
}

}  // namespace reports
