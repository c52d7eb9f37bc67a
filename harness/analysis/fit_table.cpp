#include "harness/analysis/fit_table.h"

#include <algorithm>
#include <set>

#include "harness/analysis/cell_summary.h"

namespace harness {

const FitSegment* FlagSetFits::find(int64_t micro_batch) const {
  const auto holds = [&](const FitSegment& segment) {
    return segment.from <= micro_batch && micro_batch <= segment.to;
  };
  const auto found = std::find_if(segments.begin(), segments.end(), holds);
  return found == segments.end() ? nullptr : &*found;
}

int64_t FlagSetFits::largest() const {
  int64_t largest = 0;
  for (const FitSegment& segment : segments) largest = std::max(largest, segment.to);
  return largest;
}

FitTable::FitTable(const RunInfo& info, const FlagOrder& cheaper) {
  const std::vector<std::string> axes = group_axes(info);
  std::set<int64_t> limits(info.flag_table_limits.begin(), info.flag_table_limits.end());
  for (const FitSegment& fit : info.fits) {
    limits.insert(fit.memory_limit_bytes);
    std::vector<FlagSetFits>& sets =
        sets_[{fit.memory_limit_bytes, axis_values(fit.cell, axes), fit.cell.implementation}];
    auto set = std::find_if(sets.begin(), sets.end(),
                            [&](const FlagSetFits& s) { return s.cell.flags == fit.cell.flags; });
    if (set == sets.end()) set = sets.insert(sets.end(), {fit.cell, {}});
    set->segments.push_back(fit);
  }
  for (auto& [key, sets] : sets_) {
    const auto by_cost = [&](const FlagSetFits& a, const FlagSetFits& b) {
      return cheaper(a.cell, b.cell);
    };
    std::stable_sort(sets.begin(), sets.end(), by_cost);
  }
  limits_.assign(limits.begin(), limits.end());
}

const std::vector<FlagSetFits>& FitTable::sets(int64_t memory_limit_bytes,
                                               const std::vector<std::string>& axes,
                                               const std::string& implementation) const {
  static const std::vector<FlagSetFits> none;
  const auto found = sets_.find({memory_limit_bytes, axes, implementation});
  return found == sets_.end() ? none : found->second;
}

const FlagSetFits* FitTable::find(int64_t memory_limit_bytes, const std::vector<std::string>& axes,
                                  const std::string& implementation,
                                  const std::string& flags) const {
  const std::vector<FlagSetFits>& all = sets(memory_limit_bytes, axes, implementation);
  const auto found = std::find_if(all.begin(), all.end(), [&](const FlagSetFits& set) {
    return set.cell.flags_text() == flags;
  });
  return found == all.end() ? nullptr : &*found;
}

std::optional<int64_t> device_limit(const RunInfo& info) {
  if (info.plans.empty()) return std::nullopt;
  return info.plans.front().cell.device.memory_limit_bytes;
}

}  // namespace harness
