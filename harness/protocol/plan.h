#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/protocol/memory_footprint.h"

namespace harness {

/// Predicted memory of one cell, or why it cannot run, or neither: a cell that can run and whose
/// memory the worker cannot predict.
struct Plan {
  std::optional<MemoryFootprint> footprint;
  std::string unsupported_reason;  ///< empty where there is a footprint
  /// How a foreign worker failed that was asked for it, in one line. The driver's own word: no
  /// worker sends it.
  std::string failure_reason = {};
  bool operator==(const Plan&) const = default;
};

/// Whether the device that the cells name is there.
struct DeviceStatus {
  std::string kind;
  bool available = true;
  std::string reason;        ///< one clear line where it is not
  std::string name() const;  ///< the kind as sentences have it: "CUDA"
  bool operator==(const DeviceStatus&) const = default;
};

/// What `bench_worker --plan` returns for an array of cells, in their order.
struct PlanReply {
  DeviceStatus device;
  std::vector<Plan> plans;  ///< none where `data_error` is set
  /// Why the cells' data cannot be used, one line that names the file; empty where they can.
  std::string data_error;
};

void to_json(nlohmann::json& json, const Plan& plan);
void from_json(const nlohmann::json& json, Plan& plan);
void to_json(nlohmann::json& json, const DeviceStatus& status);
void from_json(const nlohmann::json& json, DeviceStatus& status);
void to_json(nlohmann::json& json, const PlanReply& reply);
void from_json(const nlohmann::json& json, PlanReply& reply);

}  // namespace harness
