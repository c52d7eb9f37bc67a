#include "reports/exports/bencher.h"

#include <nlohmann/json.hpp>

namespace reports {

using nlohmann::ordered_json;

std::string bencher_json(const std::vector<Benchmark>& benchmarks) {
  ordered_json document = ordered_json::object();
  for (const Benchmark& benchmark : benchmarks) {
    ordered_json throughput = {{"value", benchmark.samples_per_second}};
    if (benchmark.interval) {
      throughput["lower_value"] = benchmark.interval->low;
      throughput["upper_value"] = benchmark.interval->high;
    }
    ordered_json& measures = document[benchmark.name];
    measures["throughput"] = throughput;
    if (const auto peak = benchmark.cell->peak_bytes()) measures["peak-memory"]["value"] = *peak;
  }
  return document.dump(2) + "\n";
}

}  // namespace reports
