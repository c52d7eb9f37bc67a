#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace harness {

/// Bytes live at one moment, by what they hold. A block's category follows from its life: it is
/// set up before the first step (weights), is first allocated by the optimizer and stays
/// (optimizer state), outlives the forward pass (saved activations) or the backward pass
/// (gradients), or does none of these (workspace).
struct BytesByCategory {
  int64_t weights = 0;
  int64_t gradients = 0;
  int64_t optimizer_state = 0;
  int64_t saved_activations = 0;
  int64_t workspace = 0;
  int64_t other = 0;

  int64_t total() const;
  bool operator==(const BytesByCategory&) const = default;
};

/// Memory of a cell: planned on the meta device or measured by the allocator.
struct MemoryFootprint {
  int64_t peak_bytes = 0;   ///< the most bytes live at once, rounded as the allocator does
  BytesByCategory at_peak;  ///< what they were
  std::string peak_phase;   ///< "forward", "backward", "optimizer", "setup"
  int64_t library_scratch_bytes = 0;  ///< part of peak_bytes that a GEMM library took for itself
  std::optional<int64_t> reserved_bytes;  ///< what a caching allocator held from the device
  bool operator==(const MemoryFootprint&) const = default;
};

/// An allocation that the limit refused.
struct OutOfMemory {
  int64_t requested_bytes = 0;
  int64_t in_use_bytes = 0;
  BytesByCategory in_use;
  bool operator==(const OutOfMemory&) const = default;
};

void to_json(nlohmann::json& json, const BytesByCategory& bytes);
void from_json(const nlohmann::json& json, BytesByCategory& bytes);
void to_json(nlohmann::json& json, const MemoryFootprint& footprint);
void from_json(const nlohmann::json& json, MemoryFootprint& footprint);
void to_json(nlohmann::json& json, const OutOfMemory& out_of_memory);
void from_json(const nlohmann::json& json, OutOfMemory& out_of_memory);

}  // namespace harness
