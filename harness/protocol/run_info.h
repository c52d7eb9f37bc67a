#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"
#include "harness/protocol/step_trace.h"

namespace harness {

struct PlannedCell {
  Cell cell;
  Plan plan;
  bool operator==(const PlannedCell&) const = default;
};

/// "With the cell's implementation and flags, every micro-batch from `from` to `to` fits under
/// `memory_limit_bytes`", by the plan. Within a segment the number of accumulation steps does not
/// cross 1, so the peak grows with the micro-batch; `cell.micro_batch` is `to`.
struct FitSegment {
  Cell cell;
  int64_t memory_limit_bytes = 0;
  int64_t from = 0;
  int64_t to = 0;
  int64_t peak_bytes = 0;  ///< of `to`
  bool operator==(const FitSegment&) const = default;
};

/// One line of a published speedup table. No value: out of memory (or not published).
struct PublishedSpeedup {
  int64_t memory_limit_bytes = 0;
  int64_t micro_batch = 0;
  std::optional<double> baseline_samples_per_second;
  std::optional<double> candidate_samples_per_second;
  std::optional<double> speedup;  ///< as printed in the publication
  bool operator==(const PublishedSpeedup&) const = default;
};

/// One line of a published flag table: what micro-batches above `micro_batch_above` need.
struct PublishedRequirement {
  int64_t memory_limit_bytes = 0;
  int64_t micro_batch_above = 0;
  std::string flags;  ///< cumulative, joined by '+'; "none"; or "out_of_memory"
  bool operator==(const PublishedRequirement&) const = default;
};

struct PublishedTables {
  std::string source;  ///< where it was published, one line
  std::vector<PublishedSpeedup> speedups;
  std::vector<PublishedRequirement> requirements;
  bool operator==(const PublishedTables&) const = default;
};

/// What a run directory holds beside its records (`run.json`): everything that the reports need
/// and that no record carries, so that a run can be reported again anywhere.
struct RunInfo {
  int schema_version = 1;
  std::string name;
  std::vector<std::string> axes;  ///< axes of the spec with more than one value, in spec order
  std::string baseline;           ///< an implementation's name, or "best"
  std::vector<int64_t> flag_table_limits;
  DeviceStatus device;
  std::optional<PublishedTables> published;
  /// Every cell of the sweep, measured or not, in sweep order; then the cells without flags that
  /// "cheapest" left out, for what they would need.
  std::vector<PlannedCell> plans;
  std::vector<FitSegment> fits;  ///< for flag_table_limits, and for the device's own limit
  /// Of the cells that passed, where the spec asks for traces; as JSON absent where there are none.
  std::vector<CellTrace> traces;
  bool operator==(const RunInfo&) const = default;
};

void to_json(nlohmann::json& json, const RunInfo& info);
/// Throws ProtocolError on a missing, mistyped or unknown key, or another schema_version.
void from_json(const nlohmann::json& json, RunInfo& info);

}  // namespace harness
