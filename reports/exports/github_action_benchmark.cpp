#include "reports/exports/github_action_benchmark.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "reports/words.h"

namespace reports {

using nlohmann::ordered_json;

std::string github_action_benchmark_json(const std::vector<Benchmark>& benchmarks) {
  ordered_json entries = ordered_json::array();
  for (const Benchmark& benchmark : benchmarks) {
    ordered_json entry = {
        {"name", benchmark.name}, {"unit", "samples/s"}, {"value", benchmark.samples_per_second}};
    if (benchmark.interval) {
      entry["range"] =
          fmt::format("± {:.3g}", (benchmark.interval->high - benchmark.interval->low) / 2);
    }
    if (const auto peak = benchmark.cell->peak_bytes()) {
      entry["extra"] = fmt::format("peak memory {} MiB", mib_text(peak));
    }
    entries.push_back(std::move(entry));
  }
  return entries.dump(2) + "\n";
}

}  // namespace reports
