#include "harness/protocol/memory_footprint.h"

#include <concepts>

#include "harness/protocol/strict_object.h"

namespace harness {

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, BytesByCategory>
static void describe(Visitor& field, T& bytes) {
  field("weights", bytes.weights);
  field("gradients", bytes.gradients);
  field("optimizer_state", bytes.optimizer_state);
  field("saved_activations", bytes.saved_activations);
  field("workspace", bytes.workspace);
  field("other", bytes.other);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, MemoryFootprint>
static void describe(Visitor& field, T& footprint) {
  field("peak_bytes", footprint.peak_bytes);
  field("at_peak", footprint.at_peak);
  field("peak_phase", footprint.peak_phase);
  field("library_scratch_bytes", footprint.library_scratch_bytes);
  field("reserved_bytes", footprint.reserved_bytes);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, OutOfMemory>
static void describe(Visitor& field, T& out_of_memory) {
  field("requested_bytes", out_of_memory.requested_bytes);
  field("in_use_bytes", out_of_memory.in_use_bytes);
  field("in_use", out_of_memory.in_use);
}

int64_t BytesByCategory::total() const {
  return weights + gradients + optimizer_state + saved_activations + workspace + other;
}

void to_json(nlohmann::json& json, const BytesByCategory& bytes) {
  write_fields(json, bytes);
}
void from_json(const nlohmann::json& json, BytesByCategory& bytes) {
  read_fields(json, bytes);
}

void to_json(nlohmann::json& json, const MemoryFootprint& footprint) {
  write_fields(json, footprint);
}
void from_json(const nlohmann::json& json, MemoryFootprint& footprint) {
  read_fields(json, footprint);
}

void to_json(nlohmann::json& json, const OutOfMemory& out_of_memory) {
  write_fields(json, out_of_memory);
}
void from_json(const nlohmann::json& json, OutOfMemory& out_of_memory) {
  read_fields(json, out_of_memory);
}

}  // namespace harness
