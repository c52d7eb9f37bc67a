#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/data_source.h"
#include "harness/protocol/model_shape.h"
#include "harness/protocol/simulated_device.h"

namespace harness {

inline constexpr const char* kSimulatedKind = "simulated";
/// What Device::kind may be.
inline const std::vector<std::string> kDeviceKinds = {"cpu", "cuda", kSimulatedKind};

/// Where a cell runs and how much memory it may use there.
struct Device {
  std::string kind;                                ///< one of kDeviceKinds
  std::optional<int64_t> memory_limit_bytes = {};  ///< none: whatever the device has
  int64_t reserved_bytes = 0;                     ///< what the limit loses to context and libraries
  std::optional<SimulatedDevice> simulated = {};  ///< set exactly where the kind is "simulated"

  /// What is left for tensors: memory_limit_bytes - reserved_bytes, or none without a limit.
  std::optional<int64_t> usable_bytes() const;
  bool operator==(const Device&) const = default;
};

/// How a cell is measured.
struct Measure {
  int64_t rounds = 6;
  int64_t warmup_steps = 2;
  int64_t steps = 10;
  double timeout_s = 300;
  int64_t threads = 0;  ///< 0: every processor this process may use
  uint64_t seed = 1;
  std::string pinning = "none";  ///< "compact": each thread bound to a processor, one to a core
  bool cuda_graph = false;       ///< forward and backward are recorded once and then played
  bool operator==(const Measure&) const = default;
};

/// Flags as reports and exclude rules write them: joined by '+', or "none".
std::string join_flags(const std::vector<std::string>& flags);

/// One value of every axis, and all else that a worker needs to measure it.
/// As JSON (the `cell` of a record, the worker's input): every axis by name at the top level
/// (`implementation`, `micro_batch`, `sequence_length`, `precision`, `optimizer`, `flags` as an
/// array, and any scalar of the model that the spec made an axis), then `model`, `device`, `data`,
/// `global_batch`, `measure`; and `worker` where it is not empty.
struct Cell {
  std::string implementation;
  int64_t micro_batch = 0;
  int64_t sequence_length = 384;
  std::string precision = "fp32";  ///< "fp32", "bf16" or "fp16"
  std::string optimizer = "adamw";
  std::vector<std::string> flags;  ///< in catalog order; empty = none
  /// Model scalars that the spec made axes, as (name, value as written in the spec). Their effect
  /// is in `model` already; here they name columns.
  std::vector<std::pair<std::string, std::string>> model_axes;
  ModelShape model;
  Device device;
  DataSource data;
  int64_t global_batch = 0;
  Measure measure;
  /// The command that measures the cell in place of the device's own worker, the program first, by
  /// an absolute path or a name in PATH; empty: none.
  std::vector<std::string> worker = {};

  /// Micro-batches in one optimizer step: global_batch / micro_batch rounded up, at least 1.
  int64_t accumulation_steps() const;
  /// Sequences in one optimizer step: micro_batch * accumulation_steps().
  int64_t sequences_per_step() const;
  /// join_flags(flags).
  std::string flags_text() const;
  /// Text of an axis by its name in the spec ("micro_batch", "flags", "layers", ...).
  std::string axis_text(const std::string& name) const;
  bool operator==(const Cell&) const = default;
};

void to_json(nlohmann::json& json, const Cell& cell);
/// Throws ProtocolError on a missing, mistyped or unknown key.
void from_json(const nlohmann::json& json, Cell& cell);

/// Hash of the cell's JSON, 16 hex digits: the cell's identity in a run directory.
std::string cell_key(const Cell& cell);
/// The same of that JSON.
std::string cell_key(const nlohmann::json& cell);

}  // namespace harness
