#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/analysis/cell_summary.h"
#include "harness/analysis/fit_table.h"

namespace harness {

/// What a flag set does to the peak: measured where both sides are, else planned.
struct FlagMemory {
  int64_t freed_bytes = 0;  ///< of the peak; a flag frees nothing where another phase holds it
  std::string
      phase_before;         ///< where the peak lies without the flags: "backward", "optimizer", ...
  std::string phase_after;  ///< and with them
  /// Of the activations saved at the peak. None unless both peaks are at the same point of a step:
  /// the same phase, with as many bytes of weights, gradients and optimizer state.
  std::optional<int64_t> freed_saved_activations_bytes;
};

/// Samples/second with the flags, at the largest micro-batch that passed with them, over
/// samples/second of the same implementation without flags, at the largest that passed without.
struct NetThroughput {
  double percent = 0;  ///< more than without; from paired rounds where the micro-batches are equal
  int64_t micro_batch_before = 0;
  int64_t micro_batch_after = 0;
};

/// One row of flag_costs.csv: a flag set against the same implementation without flags at the same
/// micro-batch; only `net_throughput` compares different ones.
struct FlagCost {
  std::vector<std::string> axes;
  std::string implementation;
  std::optional<int64_t> memory_limit_bytes;  ///< of the device
  std::string flags;
  std::string work;  ///< what is computed otherwise than without the flags; empty: nothing
  int64_t micro_batch = 0;
  std::optional<double> time_cost_percent;  ///< of a step; from the rounds that both have
  std::optional<FlagMemory> memory;
  std::optional<int64_t> largest_micro_batch_before;  ///< that fits the limit, by the plan
  std::optional<int64_t> largest_micro_batch_after;
  std::optional<NetThroughput> net_throughput;
};

/// Every flag set of every implementation at every micro-batch that also has a cell without flags.
std::vector<FlagCost> derive_flag_costs(const RunInfo& info, const std::vector<CellGroup>& groups,
                                        const FitTable& fits);

}  // namespace harness
