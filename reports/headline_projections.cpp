#include "reports/headline_projections.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "reports/headline.h"

namespace reports {

using harness::CellGroup;
using harness::CellSummary;
using harness::SpeedupSide;

/// The flag set shown for (axes, micro-batch, implementation, work).
using ShownFlags =
    std::map<std::tuple<std::vector<std::string>, int64_t, std::string, std::string>, std::string>;

static ShownFlags shown_flags(const std::vector<HeadlineTable>& tables) {
  ShownFlags shown;
  for (const HeadlineTable& table : tables) {
    for (const HeadlineRow& headline : table.rows) {
      const harness::SpeedupRow& row = headline.measured;
      const auto key = [&](const SpeedupSide& side) {
        return std::tuple(table.axes, row.micro_batch, side.implementation, side.work);
      };
      const SpeedupSide& baseline = row.baseline;
      const SpeedupSide& candidate = row.candidate;
      if (baseline.samples_per_second) shown.try_emplace(key(baseline), baseline.flags);
      if (!candidate.samples_per_second) continue;
      // The baseline is its implementation's cheapest set.
      const bool instead_of_baseline =
          baseline.samples_per_second && key(candidate) == key(baseline);
      const bool proven_faster = row.interval && row.interval->low > 1;
      // Of two candidates the second is the one that is proven to be faster.
      if (!instead_of_baseline || proven_faster) shown[key(candidate)] = candidate.flags;
    }
  }
  return shown;
}

static bool is_shown(const ShownFlags& shown, const CellGroup& group, const CellSummary& cell) {
  const auto found =
      shown.find({group.axes, cell.cell.micro_batch, cell.cell.implementation, cell.work});
  return found != shown.end() && found->second == cell.cell.flags_text();
}

std::vector<harness::Projection> headline_projections(const harness::RunInfo& info,
                                                      const harness::RunAnalysis& analysis) {
  const ShownFlags shown = shown_flags(headline_tables(info, analysis));
  std::vector<harness::Projection> projections;
  for (const CellGroup& group : analysis.groups) {
    struct Choice {
      const CellSummary* first;  ///< passed cell of the implementation and work, shown or not
      const CellSummary* best = nullptr;
    };
    std::vector<Choice> choices;
    for (const CellSummary& cell : group.cells) {
      if (!cell.samples_per_second) continue;
      auto own = std::find_if(choices.begin(), choices.end(), [&](const Choice& choice) {
        return choice.first->cell.implementation == cell.cell.implementation &&
               choice.first->work == cell.work;
      });
      if (own == choices.end()) own = choices.insert(own, {&cell});
      if (!is_shown(shown, group, cell)) continue;
      if (own->best == nullptr || cell.samples_per_second > own->best->samples_per_second) {
        own->best = &cell;
      }
    }
    for (const Choice& choice : choices) {
      if (choice.best != nullptr) {
        projections.push_back(harness::project_finetuning(group, *choice.best));
      }
    }
  }
  return projections;
}

std::optional<std::string> common_difference(const std::vector<harness::Projection>& projections) {
  const std::string& first = projections.front().difference;
  const bool alike = std::all_of(projections.begin(), projections.end(),
                                 [&](const auto& row) { return row.difference == first; });
  return alike ? std::optional(first) : std::nullopt;
}

}  // namespace reports
