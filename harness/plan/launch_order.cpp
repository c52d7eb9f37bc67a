#include "harness/plan/launch_order.h"

#include <algorithm>
#include <string>

#include "harness/plan/cell_groups.h"

namespace harness {
namespace {

/// All rounds of the cells in `group`, one comparison.
void append_rounds(const std::vector<ScheduledCell>& cells, std::vector<std::size_t> group,
                   std::vector<Launch>& launches) {
  if (group.empty()) {
    return;
  }
  const int64_t rounds = cells[group.front()].cell.measure.rounds;
  for (int64_t round = 0; round < rounds; ++round) {
    for (const std::size_t i : group) {
      launches.push_back({i, round});
    }
    std::reverse(group.begin(), group.end());
  }
}

}  // namespace

std::vector<Launch> order_launches(const std::vector<ScheduledCell>& cells) {
  std::vector<Launch> launches;
  std::vector<std::size_t> group;
  std::string group_key;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string key = comparison_key(cells[i].cell);
    if (key != group_key) {
      append_rounds(cells, group, launches);
      group.clear();
      group_key = key;
    }
    if (!cells[i].not_launched) {
      group.push_back(i);
    }
  }
  append_rounds(cells, group, launches);
  return launches;
}

}  // namespace harness
