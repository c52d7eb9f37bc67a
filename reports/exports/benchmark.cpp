#include "reports/exports/benchmark.h"

#include <fmt/format.h>

#include "harness/analysis/rate_interval.h"
#include "reports/words.h"

namespace reports {

static std::string benchmark_name(const std::vector<std::string>& axes,
                                  const harness::CellGroup& group, const harness::Cell& cell) {
  std::string name;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    name += fmt::format("{}:{}/", axes[i], group.axes[i]);
  }
  return one_line(name + fmt::format("{}/flags:{}/micro_batch:{}", cell.implementation,
                                     cell.flags_text(), cell.micro_batch));
}

std::vector<Benchmark> passed_benchmarks(const harness::RunAnalysis& analysis) {
  std::vector<Benchmark> benchmarks;
  for (const harness::CellGroup& group : analysis.groups) {
    for (const harness::CellSummary& cell : group.cells) {
      if (!cell.samples_per_second) continue;
      benchmarks.push_back({benchmark_name(analysis.axes, group, cell.cell), &cell,
                            *cell.samples_per_second, harness::rate_interval(cell.rounds)});
    }
  }
  return benchmarks;
}

}  // namespace reports
