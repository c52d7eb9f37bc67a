#include "harness/protocol/simulated_device.h"

#include <algorithm>
#include <concepts>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/protocol/record.h"
#include "harness/protocol/strict_object.h"

namespace harness {

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, SimulatedImplementation>
static void describe(Visitor& field, T& implementation) {
  field("base_s", implementation.base_s);
  field("sequence_s", implementation.sequence_s);
  field("base_bytes", implementation.base_bytes);
  field("sequence_bytes", implementation.sequence_bytes);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, SimulatedFlag>
static void describe(Visitor& field, T& flag) {
  field("time_percent", flag.time_percent);
  field("frees_percent", flag.frees_percent);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, SimulatedNoise>
static void describe(Visitor& field, T& noise) {
  field("round", noise.round);
  field("step", noise.step);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, SimulatedFault>
static void describe(Visitor& field, T& fault) {
  field("kind", fault.kind);
  field("probability", fault.probability);
  field("when", fault.when);
  field("round", fault.round);
  field("phase", fault.phase);
  field("above_bytes", fault.above_bytes);
  field("percent_per_step", fault.percent_per_step);
  field("form", fault.form);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, SimulatedDevice>
static void describe(Visitor& field, T& device) {
  field("implementations", device.implementations);
  field("flags", device.flags);
  field("noise", device.noise);
  field("drift_percent", device.drift_percent);
  field("faults", device.faults);
  field("real_time", device.real_time);
  field("stream", device.stream);
}

/// Bounds far beyond any device, within which no product of a cell's numbers leaves a double or an
/// int64_t.
constexpr double kMostSeconds = 1e6;
constexpr double kMostBytes = int64_t{1} << 50;
constexpr double kMostPercent = 1e4;
constexpr double kMostSigma = 2;
constexpr double kMostRounds = std::numeric_limits<int32_t>::max();

static void require_range(const char* key, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    throw ProtocolPathError(std::string("/") + key,
                            fmt::format("{:g} is not from {:g} to {:g}", value, low, high));
  }
}

template <std::size_t N>
static void require_name(const char* key, const std::string& name,
                         const std::array<std::string_view, N>& known) {
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw ProtocolPathError(std::string("/") + key, fmt::format("unknown name '{}'; known are {}",
                                                                name, fmt::join(known, ", ")));
  }
}

static void to_json(nlohmann::json& json, const SimulatedImplementation& implementation) {
  write_fields(json, implementation);
}
static void from_json(const nlohmann::json& json, SimulatedImplementation& implementation) {
  read_fields(json, implementation);
  require_range("base_s", implementation.base_s, 0, kMostSeconds);
  require_range("sequence_s", implementation.sequence_s, 0, kMostSeconds);
  require_range("base_bytes", static_cast<double>(implementation.base_bytes), 0, kMostBytes);
  require_range("sequence_bytes", static_cast<double>(implementation.sequence_bytes), 0,
                kMostBytes);
  if (implementation.base_s + implementation.sequence_s <= 0) {
    throw ProtocolPathError("/base_s", "a step must take time");
  }
}

static void to_json(nlohmann::json& json, const SimulatedFlag& flag) {
  write_fields(json, flag);
}
static void from_json(const nlohmann::json& json, SimulatedFlag& flag) {
  read_fields(json, flag);
  require_range("time_percent", flag.time_percent, -99, kMostPercent);
  require_range("frees_percent", flag.frees_percent, -kMostPercent, 100);
}

static void to_json(nlohmann::json& json, const SimulatedNoise& noise) {
  write_fields(json, noise);
}
static void from_json(const nlohmann::json& json, SimulatedNoise& noise) {
  read_fields(json, noise);
  require_range("round", noise.round, 0, kMostSigma);
  require_range("step", noise.step, 0, kMostSigma);
}

static void to_json(nlohmann::json& json, const SimulatedFault& fault) {
  write_fields(json, fault);
}
static void from_json(const nlohmann::json& json, SimulatedFault& fault) {
  read_fields(json, fault);
  require_name("kind", fault.kind, kSimulatedFaults);
  require_range("probability", fault.probability, 0, 1);
  require_range("round", static_cast<double>(fault.round.value_or(0)), 0, kMostRounds);
  at_key("phase", [&] { parse_phase(fault.phase); });
  require_range("above_bytes", static_cast<double>(fault.above_bytes.value_or(0)), 0, kMostBytes);
  require_range("percent_per_step", fault.percent_per_step, 0, kMostPercent);
  if (!fault.form.empty()) require_name("form", fault.form, kGarbageForms);
}

void to_json(nlohmann::json& json, const SimulatedDevice& device) {
  write_fields(json, device);
}
void from_json(const nlohmann::json& json, SimulatedDevice& device) {
  read_fields(json, device);
  require_range("drift_percent", device.drift_percent, -99, kMostPercent);
}

}  // namespace harness
