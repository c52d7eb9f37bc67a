#include "harness/plan/cheapest.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "harness/plan/cell_groups.h"
#include "harness/plan/flag_order.h"
#include "harness/plan/memory_fit.h"

namespace harness {
namespace {

/// Indices of one implementation's cells by micro-batch, the cheapest flags first.
using Ladder = std::map<int64_t, std::vector<std::size_t>>;

class CheapestSelector {
 public:
  CheapestSelector(const std::vector<Cell>& cells, const std::vector<Plan>& plans,
                   const std::vector<bool>& excluded, const Catalog& catalog)
      : cells_(cells), plans_(plans), excluded_(excluded), catalog_(catalog) {}

  void add_choices(const Ladder& ladder, std::set<std::size_t>& chosen) const {
    std::set<std::string> rungs;
    auto largest_without_flags = ladder.end();
    for (auto rung = ladder.begin(); rung != ladder.end(); ++rung) {
      const std::size_t choice = choose(rung->second);
      chosen.insert(choice);
      if (usable(choice)) rungs.insert(cells_[choice].flags_text());
      if (std::any_of(rung->second.begin(), rung->second.end(),
                      [&](std::size_t i) { return usable(i) && !has_memory_flag(cells_[i]); })) {
        largest_without_flags = rung;
      }
    }
    auto too_large_without_flags = ladder.begin();
    if (largest_without_flags != ladder.end()) {
      for (const std::size_t i : largest_without_flags->second) {
        if (!excluded_[i] && rungs.contains(cells_[i].flags_text())) chosen.insert(i);
      }
      too_large_without_flags = std::next(largest_without_flags);
    }
    // Where memory runs out without flags is measured, not only planned.
    if (too_large_without_flags == ladder.end()) return;
    for (const std::size_t i : too_large_without_flags->second) {
      const bool plain = !excluded_[i] && !has_memory_flag(cells_[i]);
      if (plain && plans_[i].footprint) chosen.insert(i);
    }
  }

 private:
  bool usable(std::size_t i) const { return !excluded_[i] && fits(cells_[i], plans_[i]); }

  bool has_memory_flag(const Cell& cell) const {
    return std::any_of(cell.flags.begin(), cell.flags.end(), [&](const std::string& flag) {
      return catalog_.find_flag(flag)->memory_flag;
    });
  }

  std::size_t choose(const std::vector<std::size_t>& rung) const {
    std::optional<std::size_t> smallest;
    for (const std::size_t i : rung) {
      if (usable(i)) {
        return i;
      }
      if (!excluded_[i] && plans_[i].footprint &&
          (!smallest ||
           plans_[i].footprint->peak_bytes < plans_[*smallest].footprint->peak_bytes)) {
        smallest = i;
      }
    }
    if (smallest) {
      return *smallest;
    }
    const auto allowed =
        std::find_if(rung.begin(), rung.end(), [&](std::size_t i) { return !excluded_[i]; });
    return allowed == rung.end() ? rung.front() : *allowed;
  }

  const std::vector<Cell>& cells_;
  const std::vector<Plan>& plans_;
  const std::vector<bool>& excluded_;
  const Catalog& catalog_;
};

}  // namespace

std::vector<std::size_t> select_cheapest(const std::vector<Cell>& cells,
                                         const std::vector<Plan>& plans,
                                         const std::vector<bool>& excluded,
                                         const Catalog& catalog) {
  std::map<std::string, Ladder> ladders;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ladders[ladder_key(cells[i])][cells[i].micro_batch].push_back(i);
  }
  const auto cheaper = cheaper_flags(catalog);
  const CheapestSelector selector(cells, plans, excluded, catalog);
  std::set<std::size_t> chosen;
  for (auto& [key, ladder] : ladders) {
    for (auto& [micro_batch, rung] : ladder) {
      std::stable_sort(rung.begin(), rung.end(),
                       [&](std::size_t a, std::size_t b) { return cheaper(cells[a], cells[b]); });
    }
    selector.add_choices(ladder, chosen);
  }
  return {chosen.begin(), chosen.end()};
}

}  // namespace harness
