#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/run_analysis.h"
#include "harness/protocol/run_info.h"

namespace reports {

/// A row of the speedup table as people read it, with what was published for it.
struct HeadlineRow {
  harness::SpeedupRow measured;
  std::optional<harness::PublishedSpeedup> published;
};

/// The rows of one group, in speedup.csv's order.
struct HeadlineTable {
  std::vector<std::string> axes;
  std::vector<HeadlineRow> rows;
};

/// Per micro-batch and candidate implementation, first of the sets that compute what the baseline
/// does, then of those that do not (SpeedupSide::work), label by label:
/// - the cheapest flag set that passed (the set that one would choose by the plan, so that no noise
///   is picked); where none passed, the first that was run and did not go out of memory; else the
///   first;
/// - where the rounds prove that another set is faster than that one (the 95 % interval of the
///   paired ratio lies above 1), the fastest of these.
/// Published lines of the device's memory limit stand beside the first row of candidates that are
/// no reference and compute what the baseline does.
std::vector<HeadlineTable> headline_tables(const harness::RunInfo& info,
                                           const harness::RunAnalysis& analysis);

/// Why no row has an ×, one line, where the sweep leaves it to "best" to choose a baseline and has
/// none to choose from; else empty.
std::string missing_baseline_text(const harness::RunInfo& info,
                                  const harness::RunAnalysis& analysis);

/// Whether a candidate computes something else than its baseline.
bool any_other_work(const std::vector<HeadlineTable>& tables);

/// What was published for a range of micro-batches, beside what the plan says for it.
struct RequirementComparison {
  std::vector<std::string> axes;
  std::string implementation;
  int64_t memory_limit_bytes = 0;
  int64_t from = 0;
  std::optional<int64_t> to;  ///< none: the publication's last range
  std::string published;      ///< flags, "none" or "OOM"
  /// The same; where it differs within, one text a part, "9-12: none".
  std::vector<std::string> planned;
};

/// A row for every published requirement whose limit the run has, and every implementation that is
/// no reference.
std::vector<RequirementComparison> compare_requirements(const harness::RunInfo& info,
                                                        const harness::RunAnalysis& analysis);

/// One cost for every flag set of a group and implementation: the one at the largest micro-batch
/// that has a time, else at the largest.
std::vector<harness::FlagCost> headline_costs(const harness::RunAnalysis& analysis);

}  // namespace reports
