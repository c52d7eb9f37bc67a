#include "harness/plan/pair_order.h"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "harness/plan/cell_groups.h"

namespace harness {
namespace {

/// The sides of one cell, as places in the paired schedule.
struct Sides {
  std::optional<std::size_t> before;
  std::optional<std::size_t> after;
};

std::string key_of(const Cell& cell) {
  return fmt::format("{}|{}", series_key(cell), cell.micro_batch);
}

/// The cells that are launched on any side, in before's order, then those that only after has.
std::vector<Sides> launched_sides(const PairedSchedule& paired) {
  std::vector<Sides> sides;
  std::map<std::string, std::size_t> places;
  const auto& cells = paired.schedule.cells;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].not_launched) continue;
    const auto [place, added] = places.try_emplace(key_of(cells[i].cell), sides.size());
    if (added) sides.emplace_back();
    (paired.is_after(i) ? sides[place->second].after : sides[place->second].before) = i;
  }
  return sides;
}

int64_t rounds_of(const std::vector<ScheduledCell>& cells) {
  int64_t rounds = 0;
  for (const ScheduledCell& cell : cells) rounds = std::max(rounds, cell.cell.measure.rounds);
  return rounds;
}

}  // namespace

PairedSchedule pair_schedules(const Schedule& before, const Schedule& after, uint64_t seed) {
  PairedSchedule paired;
  auto& cells = paired.schedule.cells;
  cells = before.cells;
  paired.first_after = cells.size();
  cells.insert(cells.end(), after.cells.begin(), after.cells.end());
  const std::vector<Sides> sides = launched_sides(paired);
  std::vector<bool> after_first(sides.size());
  std::mt19937_64 random(seed);
  const int64_t rounds = rounds_of(cells);
  for (int64_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < sides.size(); ++i) {
      after_first[i] = round % 2 == 0 ? (random() >> 63) != 0 : !after_first[i];
      const auto& first = after_first[i] ? sides[i].after : sides[i].before;
      const auto& second = after_first[i] ? sides[i].before : sides[i].after;
      if (first) paired.schedule.launches.push_back({*first, round});
      if (second) paired.schedule.launches.push_back({*second, round});
    }
  }
  return paired;
}

}  // namespace harness
