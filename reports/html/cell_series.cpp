#include "reports/html/cell_series.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/analysis/rate_interval.h"
#include "reports/headline.h"
#include "reports/words.h"

namespace reports {
namespace {

using harness::CellGroup;
using harness::CellSummary;
using nlohmann::json;

/// A line of the plots: group axes, implementation, flags.
using SeriesKey = std::tuple<std::vector<std::string>, std::string, std::string>;

template <typename T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

json point_json(const CellSummary& cell, std::size_t number) {
  json point = {{"micro_batch", cell.cell.micro_batch},
                {"cell", number},
                {"status", status_text(cell.status)},
                {"rate", or_null(cell.samples_per_second)},
                {"low", nullptr},
                {"high", nullptr},
                {"peak", or_null(cell.peak_bytes())},
                {"planned", !cell.measured}};
  if (!cell.samples_per_second) return point;
  if (const auto interval = harness::rate_interval(cell.rounds)) {
    point["low"] = interval->low;
    point["high"] = interval->high;
  }
  return point;
}

/// What the headline tables show, both sides of a row.
std::set<SeriesKey> headline_series(const harness::RunInfo& info,
                                    const harness::RunAnalysis& analysis) {
  std::set<SeriesKey> shown;
  for (const HeadlineTable& table : headline_tables(info, analysis)) {
    for (const HeadlineRow& row : table.rows) {
      for (const harness::SpeedupSide* side : {&row.measured.baseline, &row.measured.candidate}) {
        shown.emplace(table.axes, side->implementation, side->flags);
      }
    }
  }
  return shown;
}

/// The last segment of every flag set under every limit.
std::map<SeriesKey, std::map<int64_t, const harness::FitSegment*>> last_fits(
    const harness::RunInfo& info, const std::vector<std::string>& axes) {
  std::map<SeriesKey, std::map<int64_t, const harness::FitSegment*>> last;
  for (const harness::FitSegment& fit : info.fits) {
    const SeriesKey key(harness::axis_values(fit.cell, axes), fit.cell.implementation,
                        fit.cell.flags_text());
    const harness::FitSegment*& kept = last[key][fit.memory_limit_bytes];
    if (kept == nullptr || fit.to > kept->to) kept = &fit;
  }
  return last;
}

std::string series_label(const CellSummary& cell) {
  const std::string name = implementation_text(cell.cell.implementation, cell.work);
  return cell.cell.flags.empty() ? name : name + ", " + one_line(cell.cell.flags_text());
}

}  // namespace

json cell_series(const harness::RunInfo& info, const harness::RunAnalysis& analysis) {
  const std::set<SeriesKey> shown = headline_series(info, analysis);
  const auto fits = last_fits(info, analysis.axes);
  std::set<int64_t> limits(info.flag_table_limits.begin(), info.flag_table_limits.end());
  if (const auto limit = harness::device_limit(info)) limits.insert(*limit);

  json groups = json::array();
  std::size_t number = 0;
  for (const CellGroup& group : analysis.groups) {
    std::vector<json> series;
    std::map<SeriesKey, std::size_t> places;
    for (const CellSummary& cell : group.cells) {
      const SeriesKey key(group.axes, cell.cell.implementation, cell.cell.flags_text());
      const auto [place, added] = places.try_emplace(key, series.size());
      if (added) {
        json ends = json::array();
        if (const auto found = fits.find(key); found != fits.end()) {
          for (const auto& [limit, fit] : found->second) {
            ends.push_back({{"limit", limit}, {"micro_batch", fit->to}, {"peak", fit->peak_bytes}});
          }
        }
        series.push_back({{"label", series_label(cell)},
                          {"headline", shown.count(key) > 0},
                          {"points", json::array()},
                          {"ends", std::move(ends)}});
      }
      series[place->second]["points"].push_back(point_json(cell, number++));
    }
    for (json& line : series) {
      std::sort(line["points"].begin(), line["points"].end(),
                [](const json& a, const json& b) { return a["micro_batch"] < b["micro_batch"]; });
    }
    groups.push_back(
        {{"title", axes_text(analysis.axes, group.axes)}, {"series", std::move(series)}});
  }
  json limit_lines = json::array();
  for (const int64_t limit : limits) {
    limit_lines.push_back({{"bytes", limit}, {"text", limit_text(limit)}});
  }
  return {{"limits", std::move(limit_lines)}, {"groups", std::move(groups)}};
}

}  // namespace reports
