#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "harness/protocol/catalog.h"
#include "harness/protocol/cell.h"
#include "harness/protocol/cell_condition.h"

namespace harness {

/// A sweep file that cannot be run as written. what() is one line: file, JSON path, what is wrong,
/// what to do.
class SpecError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An axis over a scalar of `model`: its name and the model shapes that its values give.
struct ModelVariant {
  std::vector<std::pair<std::string, std::string>> axes;  ///< (name, value as written)
  ModelShape shape;
};

/// The `flags` axis as the sweep file has it.
struct FlagAxis {
  enum class Kind { kSets, kAll, kCheapest };
  Kind kind = Kind::kSets;
  std::vector<std::vector<std::string>> sets = {{}};  ///< for kSets, each in catalog order
  std::vector<std::string> add;  ///< kAll, kCheapest: flags that every set gets besides
};

struct ExcludeRule {
  CellCondition when;
  std::string reason;
};

/// How much worse than before a cell may be, as fractions: 0.03 is 3 %.
struct GateBudget {
  double time = 0.03;     ///< of the time of a step
  double memory = 0.005;  ///< of peak memory
  bool operator==(const GateBudget&) const = default;
};

/// Budgets of the cells that `when` names; none: the gate's own.
struct GateRule {
  CellCondition when;
  std::optional<double> time;
  std::optional<double> memory;
};

/// How `gate` judges this sweep.
struct GateSpec {
  std::optional<double> time;    ///< budget of every cell; none: GateBudget's or the command line's
  std::optional<double> memory;  ///< the same of memory
  std::vector<GateRule> cells;   ///< the last rule that names a cell wins
};

/// A parsed and validated sweep file; every value is possible, every name known.
struct SweepSpec {
  std::string name;
  std::filesystem::path file;
  Device device;
  /// The simulated device after the change that the file has under `after`, for a gate to hold
  /// against `device`; without `after`, `device` with noise and faults of its own. None where the
  /// device is not simulated.
  std::optional<Device> device_after;
  DataSource data;
  std::vector<ModelVariant> models;          ///< the product of the model axes; one without any
  std::vector<std::string> implementations;  ///< names
  /// Commands of the foreign implementations, by name; see Cell::worker.
  std::map<std::string, std::vector<std::string>> workers;
  std::vector<int64_t> micro_batches;
  std::vector<int64_t> sequence_lengths = {384};
  std::vector<std::string> precisions = {"fp32"};
  std::vector<std::string> optimizers = {"adamw"};
  FlagAxis flags;
  std::optional<int64_t> global_batch;  ///< none: each cell's own micro-batch
  std::vector<ExcludeRule> exclude;
  std::string baseline = "best";
  Measure measure;
  GateSpec gate;
  std::vector<int64_t> flag_table_limits;
  std::filesystem::path published;  ///< empty: none
  bool trace = false;               ///< one extra step of every passed cell, recorded
  /// Names of the axes that have more than one value, in the file's order; "implementation" and
  /// "flags" are columns of their own and are not among them.
  std::vector<std::string> varying_axes;
};

/// Read `file` and check it against the catalog. Throws SpecError.
SweepSpec read_spec(const std::filesystem::path& file, const Catalog& catalog);

/// Replace the device's memory limit by `size` ("16 GiB"), as --memory-limit asks. Throws SpecError
/// where it is no memory size or not more than what the device reserves.
void override_memory_limit(SweepSpec& spec, const std::string& size);

}  // namespace harness
