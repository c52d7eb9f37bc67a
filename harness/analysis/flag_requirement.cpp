#include "harness/analysis/flag_requirement.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "harness/plan/fit_segments.h"

namespace harness {

/// Ranges of one implementation under one limit; only the fields that describe the range are set.
static std::vector<FlagRequirement> cheapest_ranges(const std::vector<FlagSetFits>& sets) {
  std::set<int64_t> starts = {1};
  for (const FlagSetFits& set : sets) {
    for (const FitSegment& segment : set.segments) {
      starts.insert(segment.from);
      starts.insert(segment.to + 1);
    }
  }
  std::vector<FlagRequirement> ranges;
  for (auto start = starts.begin(); start != starts.end(); ++start) {
    FlagRequirement range;
    range.micro_batch_from = *start;
    if (const auto next = std::next(start); next != starts.end()) range.micro_batch_to = *next - 1;
    for (const FlagSetFits& set : sets) {
      const FitSegment* segment = set.find(*start);
      if (segment == nullptr) continue;
      range.flags = set.cell.flags_text();
      // A segment knows the peak of its end only.
      if (segment->to == range.micro_batch_to) range.peak_bytes = segment->peak_bytes;
      break;
    }
    if (ranges.empty() || ranges.back().flags != range.flags) {
      ranges.push_back(range);
    } else {
      ranges.back().micro_batch_to = range.micro_batch_to;
      ranges.back().peak_bytes = std::max(ranges.back().peak_bytes, range.peak_bytes);
    }
  }
  // Nobody asked whether more than this fits.
  if (ranges.back().micro_batch_from > kLargestSearchedMicroBatch) ranges.pop_back();
  return ranges;
}

/// The cells of one implementation in a group, by micro-batch.
using CellsByMicroBatch = std::unordered_map<int64_t, std::vector<const CellSummary*>>;

static bool is_measured(const FlagRequirement& range, const CellsByMicroBatch& cells) {
  const auto at =
      cells.find(range.out_of_memory() ? range.micro_batch_from : *range.micro_batch_to);
  if (at == cells.end()) return false;
  bool any_out_of_memory = false;
  for (const CellSummary* cell : at->second) {
    const bool out_of_memory = cell->status == Status::kOutOfMemory;
    // A round that passed had its memory, whatever other rounds died of.
    const bool fitted = !cell->rounds.empty() && !out_of_memory;
    if (!range.out_of_memory()) {
      if (fitted && cell->cell.flags_text() == range.flags) return true;
      continue;
    }
    if (!cell->rounds.empty()) return false;
    any_out_of_memory = any_out_of_memory || (out_of_memory && cell->memory_source == "measured");
  }
  return any_out_of_memory;
}

std::vector<FlagRequirement> derive_flag_requirements(const RunInfo& info,
                                                      const std::vector<CellGroup>& groups,
                                                      const FitTable& fits) {
  const std::optional<int64_t> own_limit = device_limit(info);
  std::vector<FlagRequirement> rows;
  for (const int64_t limit : fits.limits()) {
    for (const CellGroup& group : groups) {
      std::vector<std::string> implementations;
      std::unordered_map<std::string, CellsByMicroBatch> cells;
      for (const CellSummary& cell : group.cells) {
        if (!cell.planned) continue;
        const std::string& name = cell.cell.implementation;
        const auto [position, added] = cells.try_emplace(name);
        if (added) implementations.push_back(name);
        position->second[cell.cell.micro_batch].push_back(&cell);
      }
      for (const std::string& name : implementations) {
        for (FlagRequirement& row : cheapest_ranges(fits.sets(limit, group.axes, name))) {
          row.axes = group.axes;
          row.implementation = name;
          row.memory_limit_bytes = limit;
          row.measured = limit == own_limit && is_measured(row, cells[name]);
          rows.push_back(std::move(row));
        }
      }
    }
  }
  return rows;
}

}  // namespace harness
