#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "harness/protocol/run_info.h"

namespace harness {

/// Whether the first cell's flags cost less time than the second's: fewer recomputed elements,
/// then fewer flags.
using FlagOrder = std::function<bool(const Cell&, const Cell&)>;

/// The micro-batches that fit with one flag set, by the plan.
struct FlagSetFits {
  Cell cell;  ///< its flags, and all else but the micro-batch
  std::vector<FitSegment> segments;

  /// The segment that holds `micro_batch`, or null.
  const FitSegment* find(int64_t micro_batch) const;
  /// The largest micro-batch that fits.
  int64_t largest() const;
};

/// RunInfo's fits by memory limit, group and implementation.
class FitTable {
 public:
  FitTable(const RunInfo& info, const FlagOrder& cheaper);

  /// The flag sets that fit anywhere, cheapest first; empty where none does.
  const std::vector<FlagSetFits>& sets(int64_t memory_limit_bytes,
                                       const std::vector<std::string>& axes,
                                       const std::string& implementation) const;
  /// One of them, or null. `flags` as Cell::flags_text() gives them.
  const FlagSetFits* find(int64_t memory_limit_bytes, const std::vector<std::string>& axes,
                          const std::string& implementation, const std::string& flags) const;
  /// Every limit that has a fit, and those of flag_table_limits, ascending.
  const std::vector<int64_t>& limits() const { return limits_; }

 private:
  using Key = std::tuple<int64_t, std::vector<std::string>, std::string>;
  std::map<Key, std::vector<FlagSetFits>> sets_;
  std::vector<int64_t> limits_;
};

/// The limit that the run's cells were measured under; none without cells or without a limit.
std::optional<int64_t> device_limit(const RunInfo& info);

}  // namespace harness
