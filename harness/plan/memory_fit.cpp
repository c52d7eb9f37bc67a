#include "harness/plan/memory_fit.h"

#include <map>
#include <string>

#include "harness/plan/cell_groups.h"

namespace harness {

bool fits(const Cell& cell, const Plan& plan) {
  const auto usable = cell.device.usable_bytes();
  return plan.footprint && (!usable || plan.footprint->peak_bytes <= *usable);
}

bool clearly_too_large(const Cell& cell, const Plan& plan) {
  const auto usable = cell.device.usable_bytes();
  return plan.footprint && usable &&
         static_cast<double>(plan.footprint->peak_bytes) >
             static_cast<double>(*usable) * (1 + kClearMargin);
}

std::vector<bool> find_boundaries(const std::vector<Cell>& cells, const std::vector<Plan>& plans) {
  std::map<std::string, std::map<int64_t, std::size_t>> series;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (plans[i].footprint) {
      series[series_key(cells[i])].emplace(cells[i].micro_batch, i);
    }
  }
  std::vector<bool> boundary(cells.size(), false);
  for (const auto& [key, by_micro_batch] : series) {
    // An empty micro-batch would fit, so a smallest one that does not is a boundary by itself.
    bool previous_fits = true;
    std::size_t previous = cells.size();
    for (const auto& [micro_batch, i] : by_micro_batch) {
      const bool this_fits = fits(cells[i], plans[i]);
      if (this_fits != previous_fits) {
        boundary[i] = true;
        if (previous < cells.size()) {
          boundary[previous] = true;
        }
      }
      previous_fits = this_fits;
      previous = i;
    }
  }
  return boundary;
}

}  // namespace harness
