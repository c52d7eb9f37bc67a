#include "harness/analysis/flag_cost.h"

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

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

static std::optional<int64_t> freed_bytes(const CellSummary& plain, const CellSummary& flagged) {
  if (plain.measured && flagged.measured) {
    return plain.measured->peak_bytes - flagged.measured->peak_bytes;
  }
  if (plain.planned && flagged.planned) {
    return plain.planned->peak_bytes - flagged.planned->peak_bytes;
  }
  return std::nullopt;
}

static std::optional<double> net_percent(const GroupIndex& index, const Cell& cell) {
  const auto before = index.largest_passed.find({cell.implementation, "none"});
  const auto after = index.largest_passed.find({cell.implementation, cell.flags_text()});
  if (before == index.largest_passed.end() || after == index.largest_passed.end()) {
    return std::nullopt;
  }
  return 100 * (*after->second->samples_per_second / *before->second->samples_per_second - 1);
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
      cost.micro_batch = cell.cell.micro_batch;
      if (cell.samples_per_second && plain->second->samples_per_second) {
        const auto ratio = time_ratio(cell.rounds, plain->second->rounds);
        if (ratio) cost.time_cost_percent = 100 * (ratio->ratio - 1);
      }
      cost.freed_bytes = freed_bytes(*plain->second, cell);
      cost.net_throughput_percent = net_percent(index, cell.cell);
      if (!limit) continue;
      const FlagSetFits* before = fits.find(*limit, group.axes, implementation, "none");
      const FlagSetFits* after = fits.find(*limit, group.axes, implementation, cost.flags);
      if (before != nullptr) cost.largest_micro_batch_before = before->largest();
      if (after != nullptr) cost.largest_micro_batch_after = after->largest();
    }
  }
  return costs;
}

/// What one decimal shows as zero gets no minus before it.
static double shown(double percent) {
  return std::abs(percent) < 0.05 ? 0 : percent;
}

std::string flag_cost_sentence(const FlagCost& cost) {
  const bool several = cost.flags.find('+') != std::string::npos;
  std::string text = fmt::format("{} {} ", several ? "flags" : "flag", cost.flags);
  if (cost.time_cost_percent) {
    text += fmt::format("{} {:.1f} %", several ? "cost" : "costs", shown(*cost.time_cost_percent));
  } else {
    text += several ? "have no measured time cost" : "has no measured time cost";
  }
  if (cost.freed_bytes) {
    text += fmt::format(", {} {:.1f} MiB", several ? "free" : "frees",
                        static_cast<double>(*cost.freed_bytes) / (1 << 20));
  }
  if (cost.largest_micro_batch_before && cost.largest_micro_batch_after) {
    const int64_t before = *cost.largest_micro_batch_before;
    const int64_t after = *cost.largest_micro_batch_after;
    if (before == after) {
      text +=
          fmt::format(", {} the largest micro-batch at {}", several ? "leave" : "leaves", before);
    } else {
      text += fmt::format(", {}{} the largest micro-batch from {} to {}",
                          after > before ? "raise" : "lower", several ? "" : "s", before, after);
    }
  }
  if (cost.net_throughput_percent) {
    text += fmt::format(", net {:+.1f} %", shown(*cost.net_throughput_percent));
  }
  return text;
}

}  // namespace harness
