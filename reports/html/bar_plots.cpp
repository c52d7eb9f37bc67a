#include "reports/html/bar_plots.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "reports/headline.h"
#include "reports/words.h"

namespace reports {

using harness::TracedCell;
using nlohmann::json;

/// As many as the page has colours for, less one for what is left.
static constexpr std::size_t kOperatorsNamed = 7;

json flag_ladder(const harness::RunAnalysis& analysis) {
  json rungs = json::array();
  for (const harness::FlagCost& cost : headline_costs(analysis)) {
    const std::string subject = subject_text(analysis.axes, cost.axes, cost.implementation);
    json rung = {
        {"label", fmt::format("{}, {}, micro-batch {}", subject, cost.flags, cost.micro_batch)},
        {"time_cost_percent", nullptr},
        {"net_percent", nullptr},
        {"freed_bytes", nullptr}};
    if (cost.time_cost_percent) rung["time_cost_percent"] = *cost.time_cost_percent;
    if (cost.net_throughput) rung["net_percent"] = cost.net_throughput->percent;
    if (cost.memory) rung["freed_bytes"] = cost.memory->freed_bytes;
    rungs.push_back(std::move(rung));
  }
  return rungs;
}

json operator_bars(const std::vector<TracedCell>& cells, const std::vector<std::string>& axes) {
  std::map<std::string, double> totals;
  for (const TracedCell& cell : cells) {
    for (const harness::OperatorRow& row : cell.rows)
      totals[row.time.name] += row.time.self_seconds;
  }
  std::vector<std::pair<double, std::string>> ranked;
  for (const auto& [name, seconds] : totals) ranked.emplace_back(-seconds, name);
  std::sort(ranked.begin(), ranked.end());
  if (ranked.size() > kOperatorsNamed) ranked.resize(kOperatorsNamed);
  std::map<std::string, std::size_t> places;
  json names = json::array();
  for (const auto& entry : ranked) {
    places.emplace(entry.second, names.size());
    names.push_back(entry.second);
  }
  if (places.size() < totals.size()) names.push_back("all others");

  json bars = json::array();
  for (const TracedCell& cell : cells) {
    if (!cell.failure.empty()) continue;
    std::vector<double> seconds(names.size(), 0.0);
    for (const harness::OperatorRow& row : cell.rows) {
      const auto place = places.find(row.time.name);
      seconds[place == places.end() ? places.size() : place->second] += row.time.self_seconds;
    }
    bars.push_back({{"label", fmt::format("{}, {}, micro-batch {}",
                                          subject_text(axes, cell.axes, cell.cell.implementation),
                                          cell.cell.flags_text(), cell.cell.micro_batch)},
                    {"seconds", seconds}});
  }
  return {{"operators", std::move(names)}, {"bars", std::move(bars)}};
}

}  // namespace reports
