#include "reports/headline.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "reports/words.h"

namespace reports {

using harness::FlagRequirement;
using harness::PublishedRequirement;
using harness::PublishedSpeedup;
using harness::SpeedupRow;
using harness::Status;

/// Rows come from cheap flags to dear. The cheapest set that passed is shown, not the fastest one:
/// where sets differ by less than the noise, the fastest is the luckiest.
static bool better(const SpeedupRow& a, const SpeedupRow& b) {
  if (b.candidate.samples_per_second) return false;
  if (a.candidate.samples_per_second) return true;
  return a.candidate.status != Status::kOutOfMemory && b.candidate.status == Status::kOutOfMemory;
}

static std::optional<PublishedSpeedup> published_for(const harness::RunInfo& info,
                                                     const SpeedupRow& row) {
  const std::optional<int64_t> limit = harness::device_limit(info);
  if (!info.published || harness::is_reference(row.candidate.implementation)) return std::nullopt;
  for (const PublishedSpeedup& line : info.published->speedups) {
    if (line.memory_limit_bytes == limit && line.micro_batch == row.micro_batch) return line;
  }
  return std::nullopt;
}

std::vector<HeadlineTable> headline_tables(const harness::RunInfo& info,
                                           const harness::RunAnalysis& analysis) {
  std::vector<HeadlineTable> tables;
  for (const SpeedupRow& row : analysis.speedups) {
    if (tables.empty() || tables.back().axes != row.axes) tables.push_back({row.axes, {}});
    std::vector<HeadlineRow>& rows = tables.back().rows;
    // Rows of one micro-batch stand next to each other.
    auto same = rows.rbegin();
    while (same != rows.rend() && same->measured.micro_batch == row.micro_batch &&
           same->measured.candidate.implementation != row.candidate.implementation) {
      ++same;
    }
    if (same == rows.rend() || same->measured.micro_batch != row.micro_batch) {
      rows.push_back({row, published_for(info, row)});
    } else if (better(row, same->measured)) {
      same->measured = row;
    }
  }
  return tables;
}

static std::string flags_or_oom(const std::string& flags) {
  return flags.empty() || flags == "out_of_memory" ? "OOM" : flags;
}

/// What the plan says between comparison.from and comparison.to.
static std::vector<std::string> planned_within(const RequirementComparison& comparison,
                                               const std::vector<FlagRequirement>& requirements) {
  std::vector<const FlagRequirement*> overlapping;
  for (const FlagRequirement& row : requirements) {
    const bool same = row.axes == comparison.axes &&
                      row.implementation == comparison.implementation &&
                      row.memory_limit_bytes == comparison.memory_limit_bytes;
    const bool ends_before = row.micro_batch_to && *row.micro_batch_to < comparison.from;
    const bool starts_after = comparison.to && row.micro_batch_from > *comparison.to;
    if (same && !ends_before && !starts_after) overlapping.push_back(&row);
  }
  if (overlapping.size() == 1) return {flags_or_oom(overlapping[0]->flags)};
  std::vector<std::string> parts;
  for (const FlagRequirement* row : overlapping) {
    std::optional<int64_t> to = row->micro_batch_to;
    if (comparison.to) to = to ? std::min(*to, *comparison.to) : *comparison.to;
    parts.push_back(fmt::format("{}: {}",
                                range_text(std::max(row->micro_batch_from, comparison.from), to),
                                flags_or_oom(row->flags)));
  }
  return parts;
}

/// The end of a published range: where the publication's next one of the same limit starts.
static std::optional<int64_t> published_end(const std::vector<PublishedRequirement>& lines,
                                            const PublishedRequirement& line) {
  std::optional<int64_t> end;
  for (const PublishedRequirement& other : lines) {
    const bool next = other.memory_limit_bytes == line.memory_limit_bytes &&
                      other.micro_batch_above > line.micro_batch_above;
    if (next && (!end || other.micro_batch_above < *end)) end = other.micro_batch_above;
  }
  return end;
}

std::vector<RequirementComparison> compare_requirements(const harness::RunInfo& info,
                                                        const harness::RunAnalysis& analysis) {
  std::vector<RequirementComparison> comparisons;
  if (!info.published) return comparisons;
  const FlagRequirement* previous = nullptr;
  for (const FlagRequirement& row : analysis.requirements) {
    const bool seen = previous != nullptr && previous->axes == row.axes &&
                      previous->implementation == row.implementation &&
                      previous->memory_limit_bytes == row.memory_limit_bytes;
    previous = &row;
    if (seen || harness::is_reference(row.implementation)) continue;
    for (const PublishedRequirement& line : info.published->requirements) {
      if (line.memory_limit_bytes != row.memory_limit_bytes) continue;
      RequirementComparison& comparison = comparisons.emplace_back();
      comparison.axes = row.axes;
      comparison.implementation = row.implementation;
      comparison.memory_limit_bytes = row.memory_limit_bytes;
      comparison.from = line.micro_batch_above + 1;
      comparison.to = published_end(info.published->requirements, line);
      comparison.published = flags_or_oom(line.flags);
      comparison.planned = planned_within(comparison, analysis.requirements);
    }
  }
  return comparisons;
}

std::vector<harness::FlagCost> headline_costs(const harness::RunAnalysis& analysis) {
  std::vector<harness::FlagCost> costs;
  std::map<std::tuple<std::vector<std::string>, std::string, std::string>, std::size_t> index;
  for (const harness::FlagCost& cost : analysis.costs) {
    const auto [position, added] =
        index.try_emplace({cost.axes, cost.implementation, cost.flags}, costs.size());
    if (added) {
      costs.push_back(cost);
      continue;
    }
    harness::FlagCost& kept = costs[position->second];
    const auto rank = [](const harness::FlagCost& c) {
      return std::pair(c.time_cost_percent.has_value(), c.micro_batch);
    };
    if (rank(cost) > rank(kept)) kept = cost;
  }
  return costs;
}

}  // namespace reports
