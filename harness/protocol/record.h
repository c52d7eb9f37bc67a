#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/protocol/cell.h"
#include "harness/protocol/memory_footprint.h"
#include "harness/protocol/plan_error.h"

namespace harness {

inline constexpr int kSchemaVersion = 1;

enum class Status {
  kPassed,
  kIncorrect,    ///< failed the correctness gate
  kMistrusted,   ///< the check proved nothing, or noise above its bound
  kUnsupported,  ///< this build or device cannot run the cell
  kSkipped,      ///< an exclude rule, or this machine's own memory
  kOutOfMemory,
  kTimedOut,
  kCrashed,
};

enum class Phase { kSetup, kForward, kBackward, kOptimizer };

std::string_view to_string(Status status);  ///< as written in records: "out_of_memory", ...
std::string_view to_string(Phase phase);    ///< "setup", "forward", "backward", "optimizer"
/// Throw ProtocolError on any other text.
Status parse_status(std::string_view text);
Phase parse_phase(std::string_view text);

/// Result of the correctness gate for one (implementation, flags, precision, layer norm, GELU).
struct CheckResult {
  Status status = Status::kPassed;  ///< kPassed, kIncorrect or kMistrusted (or a worker failure)
  std::string reason;               ///< empty when passed
  std::string worst_tensor;         ///< the tensor with the largest error relative to its tolerance
  double worst_error = 0;           ///< its relative error against the fp64 reference
  double tolerance = 0;             ///< what that error was compared with
  int64_t tensors = 0;              ///< tensors compared: loss, outputs, every parameter gradient
  bool operator==(const CheckResult&) const = default;
};

struct RecordMemory {
  std::optional<MemoryFootprint> planned;
  std::optional<MemoryFootprint> measured;
  std::optional<OutOfMemory> out_of_memory;
  /// "measured" where a worker ran the cell, "planned" where the plan alone decided its status.
  std::string source = "measured";

  /// Written with the rest where there is one; it follows from the rest, so nothing holds it.
  std::optional<PlanError> plan_error() const { return harness::plan_error(planned, measured); }
  bool operator==(const RecordMemory&) const = default;
};

/// What a worker returned for one round of a cell, or what the launcher wrote in its place.
/// One line of records.jsonl.
struct Record {
  int schema_version = kSchemaVersion;
  Cell cell;
  int64_t round = 0;
  Status status = Status::kPassed;
  std::string reason;           ///< empty only when passed
  std::optional<Phase> phase;   ///< where it stopped, when it did not pass
  std::vector<double> samples;  ///< seconds of each timed global step, raw, in order
  std::vector<int64_t> tokens;  ///< real tokens of each sample's sequences, padding not counted
  int64_t sequences_per_sample = 0;
  std::optional<CheckResult> check;
  RecordMemory memory;
  nlohmann::json environment;  ///< machine, threads, library versions
  nlohmann::json build;        ///< commit, compiler, flags
  std::string repro;           ///< a command line that runs this cell again
  bool operator==(const Record&) const = default;
};

/// `check` is written as the array `checks` (empty where none was made). Floats are finite or the
/// record is refused; `checksum` is added by the store, not here.
void to_json(nlohmann::json& json, const Record& record);
/// Throws ProtocolError on a missing, mistyped or unknown key, a non-finite or negative sample,
/// another count of tokens than of samples, or another schema_version.
void from_json(const nlohmann::json& json, Record& record);
void to_json(nlohmann::json& json, const CheckResult& check);
void from_json(const nlohmann::json& json, CheckResult& check);

}  // namespace harness
