#include "harness/plan/shard.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "harness/plan/cell_groups.h"
#include "harness/plan/launch_work.h"

namespace harness {
namespace {

/// The whole text as a number; none where it is not one.
std::optional<int64_t> number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Cells that are compared with each other.
struct Comparison {
  std::vector<std::size_t> cells;
  double work = 0;
};

std::vector<Comparison> find_comparisons(const Schedule& schedule) {
  std::vector<Comparison> comparisons;
  std::unordered_map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < schedule.cells.size(); ++i) {
    const Cell& cell = schedule.cells[i].cell;
    const auto [position, added] = index.try_emplace(comparison_key(cell), comparisons.size());
    if (added) comparisons.emplace_back();
    Comparison& comparison = comparisons[position->second];
    comparison.cells.push_back(i);
    comparison.work += launch_work(cell) * static_cast<double>(cell.measure.rounds);
  }
  return comparisons;
}

/// What a shard has been given so far.
struct Load {
  double work = 0;
  int64_t comparisons = 0;
};

}  // namespace

Shard parse_shard(const std::string& text) {
  const auto slash = text.find('/');
  if (slash != text.npos) {
    const std::string_view all = text;
    const auto index = number(all.substr(0, slash));
    const auto count = number(all.substr(slash + 1));
    if (index && count && *index >= 1 && *index <= *count) return {*index, *count};
  }
  throw std::invalid_argument(
      fmt::format("'{}' is no shard; give one as in 2/8, the second of eight", text));
}

std::string to_string(const Shard& shard) {
  return fmt::format("{}/{}", shard.index, shard.count);
}

std::vector<int64_t> assign_shards(const Schedule& schedule, int64_t count) {
  std::vector<Comparison> comparisons = find_comparisons(schedule);
  if (static_cast<int64_t>(comparisons.size()) < count) {
    throw std::invalid_argument(
        fmt::format("the sweep has {} comparisons, which are not split: use at most as many shards",
                    comparisons.size()));
  }
  std::stable_sort(comparisons.begin(), comparisons.end(),
                   [](const Comparison& a, const Comparison& b) { return a.work > b.work; });
  std::vector<Load> loads(static_cast<std::size_t>(count));
  std::vector<int64_t> shards(schedule.cells.size());
  for (const Comparison& comparison : comparisons) {
    const auto least =
        std::min_element(loads.begin(), loads.end(), [](const Load& a, const Load& b) {
          return std::tie(a.work, a.comparisons) < std::tie(b.work, b.comparisons);
        });
    least->work += comparison.work;
    ++least->comparisons;
    for (const std::size_t cell : comparison.cells) shards[cell] = least - loads.begin() + 1;
  }
  return shards;
}

Schedule shard_of(const Schedule& schedule, const Shard& shard) {
  const std::vector<int64_t> shards = assign_shards(schedule, shard.count);
  Schedule part;
  std::vector<std::size_t> place(schedule.cells.size());
  for (std::size_t i = 0; i < schedule.cells.size(); ++i) {
    place[i] = part.cells.size();
    if (shards[i] == shard.index) part.cells.push_back(schedule.cells[i]);
  }
  for (const Launch& launch : schedule.launches) {
    if (shards[launch.cell] == shard.index)
      part.launches.push_back({place[launch.cell], launch.round});
  }
  return part;
}

}  // namespace harness
