#include "harness/analysis/speedup.h"

#include <algorithm>
#include <map>

#include "harness/spec/baseline.h"

namespace harness {

bool is_reference(const std::string& implementation) {
  return may_be_baseline(implementation, kBestBaseline);
}

bool has_baseline(const RunInfo& info, const std::vector<CellGroup>& groups) {
  return info.baseline != kBestBaseline ||
         std::any_of(groups.begin(), groups.end(), [](const auto& group) {
           return std::any_of(group.cells.begin(), group.cells.end(),
                              [](const CellSummary& summary) {
                                return is_reference(summary.cell.implementation);
                              });
         });
}

static std::optional<double> best_rate(const std::vector<Comparison>& comparisons) {
  std::optional<double> best;
  for (const Comparison& comparison : comparisons) {
    best = std::max(best, comparison.baseline.samples_per_second);
  }
  return best;
}

static void derive_row(SpeedupRow& row, const std::optional<double>& best_baseline) {
  const SpeedupSide& baseline = row.baseline;
  const SpeedupSide& candidate = row.candidate;
  if (!candidate.samples_per_second) return;
  if (baseline.status == Status::kOutOfMemory && baseline.rounds.empty()) {
    if (!best_baseline) return;
    row.speedup = *candidate.samples_per_second / *best_baseline;
    row.basis = SpeedupBasis::kBestBaseline;
    return;
  }
  if (!baseline.samples_per_second) return;
  if (baseline.rounds.empty() || candidate.rounds.empty()) {
    row.speedup = *candidate.samples_per_second / *baseline.samples_per_second;
    row.basis = SpeedupBasis::kSameMicroBatch;
    return;
  }
  if (const auto ratio = time_ratio(baseline.rounds, candidate.rounds)) {
    row.speedup = ratio->ratio;
    row.interval = ratio->interval;
    row.basis = SpeedupBasis::kSameMicroBatch;
  }
}

std::vector<SpeedupRow> derive_speedups(const ComparisonGroup& group) {
  const std::optional<double> best_baseline = best_rate(group.comparisons);
  std::vector<SpeedupRow> rows;
  for (const Comparison& comparison : group.comparisons) {
    SpeedupRow row;
    row.axes = group.axes;
    row.micro_batch = comparison.micro_batch;
    row.baseline = comparison.baseline;
    if (comparison.candidates.empty()) rows.push_back(row);
    for (const SpeedupSide& candidate : comparison.candidates) {
      rows.push_back(row);
      rows.back().candidate = candidate;
      derive_row(rows.back(), best_baseline);
    }
  }
  return rows;
}

static SpeedupSide side_of(const CellSummary& summary) {
  SpeedupSide side;
  side.implementation = summary.cell.implementation;
  side.flags = summary.cell.flags_text();
  side.work = summary.work;
  side.status = summary.status;
  side.reason = summary.reason;
  side.samples_per_second = summary.samples_per_second;
  side.tokens_per_sequence = summary.tokens_per_sequence;
  side.peak_bytes = summary.peak_bytes();
  side.peak_is_planned = side.peak_bytes && !summary.measured;
  side.rounds = summary.rounds;
  side.records = summary.records;
  return side;
}

/// The baseline among the cells of one micro-batch, or null. `info_baseline` "best" prefers the
/// fastest passed reference; without any, one that failed otherwise than by memory, so that an × to
/// the best rate elsewhere is only given where every reference is out of memory; then `preferred`.
static const CellSummary* find_baseline(const std::string& info_baseline,
                                        const std::string& preferred,
                                        const std::vector<const CellSummary*>& cells) {
  const CellSummary* found = nullptr;
  const auto better = [&](const CellSummary& a, const CellSummary& b) {
    if (a.samples_per_second || b.samples_per_second) {
      return a.samples_per_second > b.samples_per_second;
    }
    const bool a_out_of_memory = a.status == Status::kOutOfMemory;
    const bool b_out_of_memory = b.status == Status::kOutOfMemory;
    if (a_out_of_memory != b_out_of_memory) return b_out_of_memory;
    return a.cell.implementation == preferred;
  };
  for (const CellSummary* cell : cells) {
    const std::string& implementation = cell->cell.implementation;
    const bool named = may_be_baseline(implementation, info_baseline);
    if (!named || !cell->cell.flags.empty()) continue;
    if (found == nullptr || better(*cell, *found)) found = cell;
  }
  return found;
}

static SpeedupSide side_named(const std::string& implementation) {
  SpeedupSide side;
  side.implementation = implementation;
  return side;
}

/// Whether the plan puts `side`, without flags, over the device's limit at this micro-batch.
static bool planned_out_of_memory(const SpeedupSide& side, const std::vector<std::string>& axes,
                                  int64_t micro_batch, const RunInfo& info, const FitTable& fits) {
  const std::optional<int64_t> limit = device_limit(info);
  if (!limit) return false;
  const FlagSetFits* plain = fits.find(*limit, axes, side.implementation, "none");
  return plain != nullptr && plain->find(micro_batch) == nullptr;
}

/// The baseline of the group as a whole: `name`, or for "best" the reference with the best rate,
/// which is what an × to the best baseline refers to. Empty where there is no reference.
static std::string baseline_name(const std::string& name, const CellGroup& group) {
  if (name != kBestBaseline) return name;
  const CellSummary* best = nullptr;
  for (const CellSummary& cell : group.cells) {
    const bool eligible = cell.cell.flags.empty() && is_reference(cell.cell.implementation);
    if (!eligible) continue;
    if (best == nullptr || cell.samples_per_second > best->samples_per_second) best = &cell;
  }
  return best == nullptr ? "" : best->cell.implementation;
}

/// Implementations as the sweep has them, the flag sets of each from cheap to dear.
static void sort_candidates(std::vector<const CellSummary*>& cells, const FlagOrder& cheaper) {
  std::map<std::string, std::size_t> places;
  for (const CellSummary* cell : cells)
    places.try_emplace(cell->cell.implementation, places.size());
  std::stable_sort(cells.begin(), cells.end(), [&](const CellSummary* a, const CellSummary* b) {
    const std::size_t place_a = places.at(a->cell.implementation);
    const std::size_t place_b = places.at(b->cell.implementation);
    return place_a != place_b ? place_a < place_b : cheaper(a->cell, b->cell);
  });
}

std::vector<ComparisonGroup> compare_run(const RunInfo& info, const std::vector<CellGroup>& groups,
                                         const FitTable& fits, const FlagOrder& cheaper) {
  std::vector<ComparisonGroup> result;
  for (const CellGroup& group : groups) {
    const std::string name = baseline_name(info.baseline, group);
    std::map<int64_t, std::vector<const CellSummary*>> by_micro_batch;
    for (const CellSummary& cell : group.cells) {
      by_micro_batch[cell.cell.micro_batch].push_back(&cell);
    }
    ComparisonGroup& compared = result.emplace_back();
    compared.axes = group.axes;
    for (auto& [micro_batch, cells] : by_micro_batch) {
      sort_candidates(cells, cheaper);
      const CellSummary* baseline = find_baseline(info.baseline, name, cells);
      Comparison& comparison = compared.comparisons.emplace_back();
      comparison.micro_batch = micro_batch;
      comparison.baseline = baseline != nullptr ? side_of(*baseline) : side_named(name);
      if (!comparison.baseline.status &&
          planned_out_of_memory(comparison.baseline, group.axes, micro_batch, info, fits)) {
        comparison.baseline.status = Status::kOutOfMemory;
        comparison.baseline.reason = "not run: over the memory limit by the plan";
      }
      for (const CellSummary* cell : cells) {
        if (cell != baseline) comparison.candidates.push_back(side_of(*cell));
      }
    }
  }
  return result;
}

static SpeedupSide published_side(const std::string& name, const std::optional<double>& rate) {
  SpeedupSide side = side_named(name);
  side.status = rate ? Status::kPassed : Status::kOutOfMemory;
  side.samples_per_second = rate;
  return side;
}

std::vector<ComparisonGroup> compare_published(const PublishedTables& published) {
  std::map<int64_t, ComparisonGroup> by_limit;
  for (const PublishedSpeedup& line : published.speedups) {
    Comparison comparison;
    comparison.micro_batch = line.micro_batch;
    comparison.baseline = published_side("baseline", line.baseline_samples_per_second);
    comparison.candidates = {published_side("candidate", line.candidate_samples_per_second)};
    ComparisonGroup& group = by_limit[line.memory_limit_bytes];
    group.axes = {std::to_string(line.memory_limit_bytes)};
    group.comparisons.push_back(std::move(comparison));
  }
  std::vector<ComparisonGroup> groups;
  for (auto& [limit, group] : by_limit) groups.push_back(std::move(group));
  return groups;
}

}  // namespace harness
