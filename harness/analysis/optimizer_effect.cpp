#include "harness/analysis/optimizer_effect.h"

#include <algorithm>
#include <map>

namespace harness {

static OptimizerSide side_of(const CellSummary& summary) {
  OptimizerSide side;
  side.optimizer = summary.cell.optimizer;
  side.status = summary.status;
  side.samples_per_second = summary.samples_per_second;
  side.peak_bytes = summary.peak_bytes();
  side.peak_is_planned = side.peak_bytes && !summary.measured;
  return side;
}

static OptimizerEffect compare(const CellSummary& reference, const CellSummary& candidate) {
  OptimizerEffect effect;
  effect.implementation = candidate.cell.implementation;
  effect.flags = candidate.cell.flags_text();
  effect.work = candidate.work;
  effect.micro_batch = candidate.cell.micro_batch;
  effect.reference = side_of(reference);
  effect.candidate = side_of(candidate);
  if (!reference.samples_per_second || !candidate.samples_per_second) return effect;
  if (const auto ratio = time_ratio(reference.rounds, candidate.rounds)) {
    effect.speedup = ratio->ratio;
    effect.interval = ratio->interval;
  }
  return effect;
}

std::vector<std::string> optimizer_axes(const RunInfo& info) {
  std::vector<std::string> axes = group_axes(info);
  axes.erase(std::remove(axes.begin(), axes.end(), "optimizer"), axes.end());
  return axes;
}

std::vector<OptimizerEffect> derive_optimizer_effects(const RunInfo& info,
                                                      const std::vector<CellGroup>& groups) {
  const std::vector<std::string> axes = optimizer_axes(info);
  // The first of the cells that differ in nothing but the optimizer has the sweep's first.
  std::map<std::string, const CellSummary*> references;
  std::vector<OptimizerEffect> effects;
  for (const CellGroup& group : groups) {
    for (const CellSummary& cell : group.cells) {
      Cell alike = cell.cell;
      alike.optimizer.clear();
      const auto [reference, first] = references.try_emplace(cell_identity(alike), &cell);
      if (first) continue;
      OptimizerEffect& effect = effects.emplace_back(compare(*reference->second, cell));
      effect.axes = axis_values(cell.cell, axes);
    }
  }
  return effects;
}

}  // namespace harness
