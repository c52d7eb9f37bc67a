#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/fit_table.h"

namespace harness {

/// One row of flag_costs.csv: a flag set against no flags at the same micro-batch.
struct FlagCost {
  std::vector<std::string> axes;
  std::string implementation;
  std::optional<int64_t> memory_limit_bytes;  ///< of the device
  std::string flags;
  int64_t micro_batch = 0;
  std::optional<double> time_cost_percent;  ///< from the rounds that both have
  std::optional<int64_t> freed_bytes;       ///< of the peak: measured where both are, else planned
  std::optional<int64_t> largest_micro_batch_before;  ///< that fits the limit, by the plan
  std::optional<int64_t> largest_micro_batch_after;
  /// Rate with the flags at the largest micro-batch that passed with them, over the rate without at
  /// the largest that passed without.
  std::optional<double> net_throughput_percent;
};

/// Every flag set of every implementation at every micro-batch that also has a cell without flags.
std::vector<FlagCost> derive_flag_costs(const RunInfo& info, const std::vector<CellGroup>& groups,
                                        const FitTable& fits);

/// "flag F costs t %, frees m MiB, raises the largest micro-batch from a to b, net p %"; parts
/// without a value say so or are left out.
std::string flag_cost_sentence(const FlagCost& cost);

}  // namespace harness
