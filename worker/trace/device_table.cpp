#include "worker/trace/device_table.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "worker/trace/launchers.h"

namespace worker {
namespace {

constexpr double kSecondsANanosecond = 1e-9;

/// An activity begins or ends.
struct Edge {
  int64_t at_ns;
  bool begins;
  size_t activity;
};

/// By time; what ends at the moment at which another begins does not run beside it.
std::vector<Edge> edges_of(const Activities& activities) {
  std::vector<Edge> edges;
  for (size_t i = 0; i < activities.size(); ++i) {
    edges.push_back({activities[i].begin_ns, true, i});
    // One without length ends after its begin.
    edges.push_back({std::max(activities[i].end_ns, activities[i].begin_ns), false, i});
  }
  std::stable_sort(edges.begin(), edges.end(), [&](const Edge& a, const Edge& b) {
    const auto key = [&](const Edge& edge) {
      const Activity& activity = activities[edge.activity];
      const bool instant = activity.end_ns <= activity.begin_ns;
      return std::pair(edge.at_ns, edge.begins || instant);
    };
    return key(a) < key(b);
  });
  return edges;
}

/// How the time from the first begin to the last end is divided.
struct Division {
  std::vector<double> busy_ns;                      ///< of each activity
  std::vector<std::pair<size_t, int64_t>> gaps_ns;  ///< before the activity that ended it
};

Division divide(const Activities& activities) {
  Division division{std::vector<double>(activities.size()), {}};
  const std::vector<Edge> edges = edges_of(activities);
  std::set<size_t> running;
  int64_t now = edges.empty() ? 0 : edges.front().at_ns;
  for (const Edge& edge : edges) {
    const int64_t passed = edge.at_ns - now;
    if (passed > 0 && running.empty()) {
      division.gaps_ns.emplace_back(edge.activity, passed);
    }
    for (const size_t activity : running) {
      division.busy_ns[activity] +=
          static_cast<double>(passed) / static_cast<double>(running.size());
    }
    now = edge.at_ns;
    if (edge.begins) {
      running.insert(edge.activity);
    } else {
      running.erase(edge.activity);
    }
  }
  return division;
}

/// The rows, and which spans they have counted.
class Rows {
 public:
  void add(const Activity& activity, const LaunchPlace& place, double busy_ns) {
    const Span* const owner = place.owner;
    harness::OperatorTime& row = owner == nullptr
                                     ? row_of(activity.name, place.phase, {})
                                     : row_of(owner->name, place.phase, owner->precision);
    row.self_seconds += busy_ns * kSecondsANanosecond;
    if (owner == nullptr) {
      ++row.calls;
      row.bytes += activity.bytes;
    } else if (counted_.insert(owner).second) {
      ++row.calls;
      row.flops += owner->flops;
      row.bytes += owner->bytes;
    }
  }

  void add_gap(const std::string& phase, int64_t ns) {
    harness::OperatorTime& row = row_of(harness::kDeviceIdle, phase, {});
    ++row.calls;
    row.self_seconds += static_cast<double>(ns) * kSecondsANanosecond;
  }

  std::vector<harness::OperatorTime> table() const {
    std::vector<harness::OperatorTime> table;
    for (const auto& [key, row] : rows_) table.push_back(row);
    return table;
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;

  harness::OperatorTime& row_of(const std::string& name, const std::string& phase,
                                const std::string& precision) {
    const Key key(name, phase, precision);
    harness::OperatorTime& row = rows_[key];
    std::tie(row.name, row.phase, row.precision) = key;
    return row;
  }

  std::map<Key, harness::OperatorTime> rows_;
  std::set<const Span*> counted_;
};

}  // namespace

double device_seconds(const Activities& activities) {
  if (activities.empty()) return 0;
  int64_t begin = activities.front().begin_ns;
  int64_t end = activities.front().end_ns;
  for (const Activity& activity : activities) {
    begin = std::min(begin, activity.begin_ns);
    end = std::max(end, activity.end_ns);
  }
  return static_cast<double>(end - begin) * kSecondsANanosecond;
}

std::vector<harness::OperatorTime> device_table(const Spans& spans, const Activities& activities) {
  const Launchers launchers(spans);
  const Division division = divide(activities);
  Rows rows;
  for (size_t i = 0; i < activities.size(); ++i) {
    rows.add(activities[i], launchers.place_of(activities[i]), division.busy_ns[i]);
  }
  for (const auto& [next, ns] : division.gaps_ns) {
    rows.add_gap(launchers.place_of(activities[next]).phase, ns);
  }
  return rows.table();
}

}  // namespace worker
