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
using harness::SpeedupSide;
using harness::Status;

/// Rows that a user chooses among: one micro-batch, implementation and work; from cheap flags to
/// dear.
using Choice = std::vector<const SpeedupRow*>;

/// The cheapest set that passed is shown, not the fastest one: where sets differ by less than the
/// noise, the fastest is the luckiest.
static const SpeedupRow& cheapest(const Choice& choice) {
  const auto find = [&](auto&& wanted) {
    return std::find_if(choice.begin(), choice.end(),
                        [&](const SpeedupRow* row) { return wanted(row->candidate); });
  };
  auto found = find([](const SpeedupSide& side) { return side.samples_per_second.has_value(); });
  if (found == choice.end()) {
    found = find(
        [](const SpeedupSide& side) { return side.status && side.status != Status::kOutOfMemory; });
  }
  return found == choice.end() ? *choice.front() : **found;
}

/// The fastest of the sets that are faster than `shown` beyond the noise, or null.
static const SpeedupRow* proven_fastest(const Choice& choice, const SpeedupRow& shown) {
  const SpeedupRow* fastest = nullptr;
  double most = 1;
  for (const SpeedupRow* row : choice) {
    if (!row->candidate.samples_per_second || !shown.candidate.samples_per_second) continue;
    const auto ratio = harness::time_ratio(shown.candidate.rounds, row->candidate.rounds);
    const bool proven = ratio && ratio->interval && ratio->interval->low > 1;
    if (!proven || ratio->ratio <= most) continue;
    fastest = row;
    most = ratio->ratio;
  }
  return fastest;
}

static std::optional<PublishedSpeedup> published_for(const harness::RunInfo& info,
                                                     const SpeedupRow& row) {
  const std::optional<int64_t> limit = harness::device_limit(info);
  const bool comparable =
      !harness::is_reference(row.candidate.implementation) && row.candidate.work.empty();
  if (!info.published || !comparable) return std::nullopt;
  for (const PublishedSpeedup& line : info.published->speedups) {
    if (line.memory_limit_bytes == limit && line.micro_batch == row.micro_batch) return line;
  }
  return std::nullopt;
}

/// The choices among the rows of one micro-batch, in the order of their first rows, but for an
/// implementation's labelled ones, which follow those without a label.
static std::vector<Choice> choices_of(const Choice& rows) {
  std::vector<Choice> choices;
  for (const SpeedupRow* row : rows) {
    const SpeedupSide& side = row->candidate;
    const auto same_implementation = [&](const Choice& choice) {
      return choice.front()->candidate.implementation == side.implementation;
    };
    const auto own = std::find_if(choices.begin(), choices.end(), [&](const Choice& choice) {
      return same_implementation(choice) && choice.front()->candidate.work == side.work;
    });
    if (own != choices.end()) {
      own->push_back(row);
    } else if (side.work.empty()) {
      choices.insert(std::find_if(choices.begin(), choices.end(), same_implementation), {row});
    } else {
      choices.push_back({row});
    }
  }
  return choices;
}

std::vector<HeadlineTable> headline_tables(const harness::RunInfo& info,
                                           const harness::RunAnalysis& analysis) {
  std::vector<HeadlineTable> tables;
  const std::vector<SpeedupRow>& all = analysis.speedups;
  for (std::size_t i = 0; i < all.size();) {
    const SpeedupRow& first = all[i];
    if (tables.empty() || tables.back().axes != first.axes) tables.push_back({first.axes, {}});
    Choice rows;
    for (; i < all.size() && all[i].axes == first.axes && all[i].micro_batch == first.micro_batch;
         ++i) {
      rows.push_back(&all[i]);
    }
    for (const Choice& choice : choices_of(rows)) {
      const SpeedupRow& shown = cheapest(choice);
      tables.back().rows.push_back({shown, published_for(info, shown)});
      if (const SpeedupRow* faster = proven_fastest(choice, shown)) {
        tables.back().rows.push_back({*faster, std::nullopt});
      }
    }
  }
  return tables;
}

std::string missing_baseline_text(const harness::RunInfo& info,
                                  const harness::RunAnalysis& analysis) {
  if (harness::has_baseline(info, analysis.groups)) return "";
  return "No speedups: the baseline \"best\" is the fastest pytorch_* implementation, and this "
         "sweep "
         "has none; name a baseline in the sweep file, or add one to /axes/implementation.";
}

bool any_other_work(const std::vector<HeadlineTable>& tables) {
  return std::any_of(tables.begin(), tables.end(), [](const HeadlineTable& table) {
    return std::any_of(table.rows.begin(), table.rows.end(),
                       [](const HeadlineRow& row) { return !row.measured.candidate.work.empty(); });
  });
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
