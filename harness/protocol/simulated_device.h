#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/cell_condition.h"

namespace harness {

/// Step time and memory of an implementation without flags, for sequences of
/// kSimulatedSequenceLength tokens; what a sequence takes grows in proportion to its length.
struct SimulatedImplementation {
  double base_s = 0;           ///< of every micro-batch, whatever its size
  double sequence_s = 0;       ///< of each of its sequences
  int64_t base_bytes = 0;      ///< weights, gradients and optimizer state
  int64_t sequence_bytes = 0;  ///< activations that a sequence of the micro-batch keeps
  bool operator==(const SimulatedImplementation&) const = default;
};

inline constexpr int64_t kSimulatedSequenceLength = 384;

/// What a flag changes; those of several flags multiply.
struct SimulatedFlag {
  double time_percent = 0;   ///< more step time; negative: less
  double frees_percent = 0;  ///< of the activations
  bool operator==(const SimulatedFlag&) const = default;
};

/// Standard deviations of the logarithm of a step's time.
struct SimulatedNoise {
  double round = 0;  ///< drawn once a process
  double step = 0;   ///< drawn for every step
  bool operator==(const SimulatedNoise&) const = default;
};

/// Names of faults in sweep files and cells; docs/simulated_device.md says what each does.
inline constexpr std::array<std::string_view, 7> kSimulatedFaults = {
    "out_of_memory", "crash", "hang", "sticky_error", "garbage", "drift", "incorrect"};

/// What a worker with the fault "garbage" can write in place of its record.
inline constexpr std::array<std::string_view, 11> kGarbageForms = {
    "nothing",     "text",        "cut_off",    "two_records",    "flood",      "other_cell",
    "other_round", "wrong_count", "not_finite", "negative_times", "unknown_key"};

/// Something that goes wrong in some cells.
struct SimulatedFault {
  std::string kind;                    ///< one of kSimulatedFaults
  double probability = 1;              ///< of a cell that `when` holds for
  CellCondition when;                  ///< the cells that it can strike
  std::optional<int64_t> round;        ///< in which it strikes; none: drawn from the cell's rounds
  std::string phase = "backward";      ///< where in the step it strikes
  std::optional<int64_t> above_bytes;  ///< out_of_memory: of cells with a higher peak alone
  double percent_per_step = 0;         ///< drift: how much longer each step takes than the last
  std::string form;                    ///< garbage: one of kGarbageForms; empty: drawn
  bool operator==(const SimulatedFault&) const = default;
};

/// A device that is arithmetic: what a cell takes, and what goes wrong, follow from the cell, its
/// round and measure.seed alone.
struct SimulatedDevice {
  std::map<std::string, SimulatedImplementation> implementations;
  std::map<std::string, SimulatedFlag> flags;  ///< flags that are not here change nothing
  SimulatedNoise noise;
  double drift_percent = 0;  ///< how much longer each round takes than the one before
  /// The first one that strikes a round is the round's.
  std::vector<SimulatedFault> faults;
  bool real_time = false;  ///< whether steps last as long as they say they do
  /// Noise and faults of another stream are drawn anew: two builds that are alike do not have the
  /// same luck.
  uint64_t stream = 0;
  bool operator==(const SimulatedDevice&) const = default;
};

void to_json(nlohmann::json& json, const SimulatedDevice& device);
/// Throws ProtocolError on a missing, mistyped or unknown key, a number out of range and an unknown
/// name of a fault, phase or form.
void from_json(const nlohmann::json& json, SimulatedDevice& device);

}  // namespace harness
