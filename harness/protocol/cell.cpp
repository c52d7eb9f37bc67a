#include "harness/protocol/cell.h"

#include <algorithm>
#include <concepts>

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include "harness/protocol/model_axis.h"
#include "harness/protocol/strict_object.h"

namespace harness {

/// All but what a simulated device has besides.
template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, Device>
static void describe(Visitor& field, T& device) {
  field("kind", device.kind);
  field("memory_limit_bytes", device.memory_limit_bytes);
  field("reserved_bytes", device.reserved_bytes);
}

/// All but the graph, which most cells lack.
template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, Measure>
static void describe(Visitor& field, T& measure) {
  field("rounds", measure.rounds);
  field("warmup_steps", measure.warmup_steps);
  field("steps", measure.steps);
  field("timeout_s", measure.timeout_s);
  field("threads", measure.threads);
  field("seed", measure.seed);
  field("pinning", measure.pinning);
}

/// All but model_axes, whose keys differ from spec to spec, and the worker, which most cells lack.
template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, Cell>
static void describe(Visitor& field, T& cell) {
  field("implementation", cell.implementation);
  field("micro_batch", cell.micro_batch);
  field("sequence_length", cell.sequence_length);
  field("precision", cell.precision);
  field("optimizer", cell.optimizer);
  field("flags", cell.flags);
  field("model", cell.model);
  field("device", cell.device);
  field("data", cell.data);
  field("global_batch", cell.global_batch);
  field("measure", cell.measure);
}

static void to_json(nlohmann::json& json, const Device& device) {
  ObjectWriter object(json);
  describe(object, device);
  if (device.simulated) object(kSimulatedKind, *device.simulated);
}
static void from_json(const nlohmann::json& json, Device& device) {
  StrictObject object(json);
  describe(object, device);
  device.simulated.reset();
  if (device.kind == kSimulatedKind) object(kSimulatedKind, device.simulated.emplace());
  object.finish();
}
constexpr const char* kCudaGraphKey = "cuda_graph";

static void to_json(nlohmann::json& json, const Measure& measure) {
  ObjectWriter object(json);
  describe(object, measure);
  if (measure.cuda_graph) object(kCudaGraphKey, measure.cuda_graph);
}
static void from_json(const nlohmann::json& json, Measure& measure) {
  StrictObject object(json);
  describe(object, measure);
  measure.cuda_graph = false;
  if (json.contains(kCudaGraphKey)) object(kCudaGraphKey, measure.cuda_graph);
  object.finish();
}

constexpr const char* kWorkerKey = "worker";

static void read_worker(const nlohmann::json& json, std::vector<std::string>& worker) {
  at_key(kWorkerKey, [&] { read_value(json, worker); });
  if (worker.empty() || worker.front().empty()) {
    throw ProtocolPathError(std::string("/") + kWorkerKey, "names no program");
  }
}

std::optional<int64_t> Device::usable_bytes() const {
  if (!memory_limit_bytes) {
    return std::nullopt;
  }
  return *memory_limit_bytes - reserved_bytes;
}

int64_t Cell::accumulation_steps() const {
  return micro_batch < 1 ? 1 : std::max<int64_t>(1, (global_batch + micro_batch - 1) / micro_batch);
}

int64_t Cell::sequences_per_step() const {
  return micro_batch * accumulation_steps();
}

std::string join_flags(const std::vector<std::string>& flags) {
  return flags.empty() ? "none" : fmt::format("{}", fmt::join(flags, "+"));
}

std::string Cell::flags_text() const {
  return join_flags(flags);
}

std::string Cell::axis_text(const std::string& name) const {
  if (name == "implementation") return implementation;
  if (name == "micro_batch") return std::to_string(micro_batch);
  if (name == "sequence_length") return std::to_string(sequence_length);
  if (name == "precision") return precision;
  if (name == "optimizer") return optimizer;
  if (name == "flags") return flags_text();
  for (const auto& [axis, value] : model_axes) {
    if (axis == name) return value;
  }
  throw std::invalid_argument(fmt::format("cell has no axis named '{}'", name));
}

void to_json(nlohmann::json& json, const Cell& cell) {
  write_fields(json, cell);
  for (const auto& [name, value] : cell.model_axes) {
    json[name] = model_axis_value(value);
  }
  if (!cell.worker.empty()) json[kWorkerKey] = cell.worker;
}

void from_json(const nlohmann::json& json, Cell& cell) {
  StrictObject object(json);
  describe(object, cell);
  cell.model_axes.clear();
  cell.worker.clear();
  for (const auto& [name, value] : object.take_rest()) {
    if (name == kWorkerKey) {
      read_worker(value, cell.worker);
      continue;
    }
    if (!is_model_axis(name)) {
      throw ProtocolPathError("/" + name, "unknown key");
    }
    if (!value.is_string() && !value.is_number()) {
      throw ProtocolPathError("/" + name, "expected a string or a number");
    }
    cell.model_axes.emplace_back(name, model_axis_text(value));
  }
  if (cell.micro_batch < 1) {
    throw ProtocolPathError("/micro_batch", "must be at least 1");
  }
  if (cell.sequence_length < 1) {
    throw ProtocolPathError("/sequence_length", "must be at least 1");
  }
}

std::string cell_key(const Cell& cell) {
  nlohmann::json json;
  to_json(json, cell);
  return cell_key(json);
}

std::string cell_key(const nlohmann::json& cell) {
  const std::string text = cell.dump();
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace harness
