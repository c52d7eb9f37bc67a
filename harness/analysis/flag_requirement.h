#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/fit_table.h"

namespace harness {

/// One row of flag_requirements.csv: what every micro-batch of a range needs.
struct FlagRequirement {
  std::vector<std::string> axes;
  std::string implementation;
  int64_t memory_limit_bytes = 0;
  int64_t micro_batch_from = 0;
  std::optional<int64_t> micro_batch_to;  ///< none: no end, every larger one is out of memory
  std::string flags;                      ///< as Cell::flags_text(); empty: no flag set fits
  std::optional<int64_t> peak_bytes;      ///< the largest in the range, by the plan
  bool measured = false;                  ///< see derive_flag_requirements()

  bool out_of_memory() const { return flags.empty(); }
};

/// Per limit, group and implementation the consecutive ranges of micro-batches from 1 on, each with
/// the cheapest flag set that fits, and at the end the range from which on none does (unless
/// everything fits that the plan searches, kLargestSearchedMicroBatch).
///
/// A row is `measured` where the run proved its boundary on the device, under this very limit: the
/// cell at `micro_batch_to` with these flags passed, in any round and never out of memory; or, of a
/// row that is out of memory, no round passed at `micro_batch_from` and at least one cell ran out.
/// Implementations that the plan does not support get no rows.
std::vector<FlagRequirement> derive_flag_requirements(const RunInfo& info,
                                                      const std::vector<CellGroup>& groups,
                                                      const FitTable& fits);

}  // namespace harness
