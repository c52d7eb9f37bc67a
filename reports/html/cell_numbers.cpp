#include "reports/html/cell_numbers.h"

#include <algorithm>

namespace reports {

using harness::CellGroup;
using harness::CellSummary;

CellNumbers::CellNumbers(const harness::RunAnalysis& analysis) : axes_(analysis.axes) {
  std::size_t number = 0;
  for (const CellGroup& group : analysis.groups) {
    for (const CellSummary& summary : group.cells) {
      const harness::Cell& cell = summary.cell;
      by_identity_.emplace(harness::cell_identity(cell), number);
      by_key_.emplace(
          Key{group.axes, cell.implementation, cell.flags_text(), std::to_string(cell.micro_batch)},
          number);
      ++number;
    }
  }
}

std::size_t CellNumbers::of(const harness::Cell& cell) const {
  return by_identity_.at(harness::cell_identity(cell));
}

/// The first of `names` that the table has.
static std::optional<std::size_t> place_of(const Table& table,
                                           const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto& columns = table.columns();
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  }
  return std::nullopt;
}

std::vector<std::optional<std::size_t>> CellNumbers::of_rows(const Table& table) const {
  std::vector<std::optional<std::size_t>> numbers(table.rows().size());
  std::vector<std::optional<std::size_t>> axes;
  for (const std::string& axis : axes_)
    axes.push_back(place_of(table, {axis, "candidate_" + axis}));
  const auto implementation = place_of(table, {"implementation", "candidate"});
  const auto flags = place_of(table, {"flags", "candidate_flags"});
  const auto micro_batch = place_of(table, {"micro_batch"});
  const bool named = implementation && flags && micro_batch &&
                     std::find(axes.begin(), axes.end(), std::nullopt) == axes.end();
  if (!named) return numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::vector<std::string>& row = table.rows()[i];
    Key key{{}, row[*implementation], row[*flags], row[*micro_batch]};
    for (const auto& axis : axes) std::get<0>(key).push_back(row[*axis]);
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) numbers[i] = found->second;
  }
  return numbers;
}

}  // namespace reports
