#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/plan/filter_condition.h"
#include "harness/plan/schedule.h"
#include "harness/protocol/catalog.h"
#include "harness/spec/sweep_spec.h"

namespace harness {

/// What `--filter` asks for: the cells of a sweep of which every condition holds. A condition is
/// about an axis of the sweep or about `planned_peak_bytes`, which no cell without a plan has.
class CellFilter {
 public:
  /// Keeps every cell.
  CellFilter() = default;
  /// `text`: conditions separated by commas, see FilterCondition. Flags may be named in any order.
  /// Throws SpecError where a condition is none, names no axis of the sweep, or holds for no value
  /// of its axis.
  CellFilter(const std::string& text, const SweepSpec& spec, const Catalog& catalog);

  bool keeps(const ScheduledCell& cell) const;
  /// As --filter was given; empty where every cell is kept.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::vector<FilterCondition> conditions_;
};

/// A sweep after its filter.
struct FilteredSchedule {
  Schedule schedule;         ///< the kept cells, each treated as in the whole sweep
  std::size_t left_out = 0;  ///< cells that the filter does not keep
  std::size_t unpaired = 0;  ///< kept cells of which a cell to compare them with is left out
};

/// `whole` without what `filter` leaves out. What a cell is compared with: the baseline and its own
/// implementation without flags, with its optimizer, and itself with the sweep's first optimizer.
FilteredSchedule filter_schedule(const CellFilter& filter, const SweepSpec& spec,
                                 const Schedule& whole);

}  // namespace harness
