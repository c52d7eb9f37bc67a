#include "harness/analysis/flag_cost.h"

#include <map>
#include <string>
#include <utility>

namespace harness {

namespace {

using Name = std::pair<std::string, std::string>;  // implementation, flags

/// What the costs of one group refer to.
struct GroupIndex {
  std::map<std::pair<std::string, int64_t>, const CellSummary*> plain;  ///< without flags
  std::map<Name, const CellSummary*> largest_passed;
};

}  // namespace

static GroupIndex index_group(const CellGroup& group) {
  GroupIndex index;
  for (const CellSummary& cell : group.cells) {
    if (cell.cell.flags.empty()) {
      index.plain[{cell.cell.implementation, cell.cell.micro_batch}] = &cell;
    }
    if (!cell.samples_per_second) continue;
    const CellSummary*& largest =
        index.largest_passed[{cell.cell.implementation, cell.cell.flags_text()}];
    if (largest == nullptr || largest->cell.micro_batch < cell.cell.micro_batch) largest = &cell;
  }
  return index;
}

static FlagMemory compare_memory(const MemoryFootprint& plain, const MemoryFootprint& flagged) {
  FlagMemory memory;
  memory.freed_bytes = plain.peak_bytes - flagged.peak_bytes;
  memory.phase_before = plain.peak_phase;
  memory.phase_after = flagged.peak_phase;
  const BytesByCategory& before = plain.at_peak;
  const BytesByCategory& after = flagged.at_peak;
  const bool same_point = plain.peak_phase == flagged.peak_phase &&
                          before.weights == after.weights && before.gradients == after.gradients &&
                          before.optimizer_state == after.optimizer_state;
  if (same_point) {
    memory.freed_saved_activations_bytes = before.saved_activations - after.saved_activations;
  }
  return memory;
}

static std::optional<FlagMemory> flag_memory(const CellSummary& plain, const CellSummary& flagged) {
  if (plain.measured && flagged.measured) {
    return compare_memory(*plain.measured, *flagged.measured);
  }
  if (plain.planned && flagged.planned) return compare_memory(*plain.planned, *flagged.planned);
  return std::nullopt;
}

static std::optional<NetThroughput> net_throughput(const GroupIndex& index, const Cell& cell) {
  const auto before = index.largest_passed.find({cell.implementation, "none"});
  const auto after = index.largest_passed.find({cell.implementation, cell.flags_text()});
  if (before == index.largest_passed.end() || after == index.largest_passed.end()) {
    return std::nullopt;
  }
  const CellSummary& plain = *before->second;
  const CellSummary& flagged = *after->second;
  NetThroughput net{0, plain.cell.micro_batch, flagged.cell.micro_batch};
  double factor = *flagged.samples_per_second / *plain.samples_per_second;
  if (net.micro_batch_before == net.micro_batch_after) {
    // Rounds of one micro-batch ran next to each other; then net is the cost, seen as a rate.
    const std::optional<TimeRatio> ratio = time_ratio(plain.rounds, flagged.rounds);
    if (!ratio) return std::nullopt;
    factor = ratio->ratio;
  }
  net.percent = 100 * (factor - 1);
  return net;
}

std::vector<FlagCost> derive_flag_costs(const RunInfo& info, const std::vector<CellGroup>& groups,
                                        const FitTable& fits) {
  const std::optional<int64_t> limit = device_limit(info);
  std::vector<FlagCost> costs;
  for (const CellGroup& group : groups) {
    const GroupIndex index = index_group(group);
    for (const CellSummary& cell : group.cells) {
      const std::string& implementation = cell.cell.implementation;
      const auto plain = index.plain.find({implementation, cell.cell.micro_batch});
      if (cell.cell.flags.empty() || plain == index.plain.end()) continue;
      FlagCost& cost = costs.emplace_back();
      cost.axes = group.axes;
      cost.implementation = implementation;
      cost.memory_limit_bytes = limit;
      cost.flags = cell.cell.flags_text();
      cost.work = cell.work;
      cost.micro_batch = cell.cell.micro_batch;
      if (cell.samples_per_second && plain->second->samples_per_second) {
        const auto ratio = time_ratio(cell.rounds, plain->second->rounds);
        if (ratio) cost.time_cost_percent = 100 * (ratio->ratio - 1);
      }
      cost.memory = flag_memory(*plain->second, cell);
      cost.net_throughput = net_throughput(index, cell.cell);
      if (!limit) continue;
      const FlagSetFits* before = fits.find(*limit, group.axes, implementation, "none");
      const FlagSetFits* after = fits.find(*limit, group.axes, implementation, cost.flags);
      if (before != nullptr) cost.largest_micro_batch_before = before->largest();
      if (after != nullptr) cost.largest_micro_batch_after = after->largest();
    }
  }
  return costs;
}

}  // namespace harness
