#include "harness/protocol/run_info.h"

#include <concepts>

#include "harness/protocol/schema_version.h"
#include "harness/protocol/strict_object.h"

namespace harness {
namespace {

constexpr int kRunInfoVersion = 1;
constexpr const char* kTraces = "traces";

}  // namespace

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, PlannedCell>
static void describe(Visitor& field, T& planned) {
  field("cell", planned.cell);
  field("plan", planned.plan);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, FitSegment>
static void describe(Visitor& field, T& segment) {
  field("cell", segment.cell);
  field("memory_limit_bytes", segment.memory_limit_bytes);
  field("from", segment.from);
  field("to", segment.to);
  field("peak_bytes", segment.peak_bytes);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, PublishedSpeedup>
static void describe(Visitor& field, T& speedup) {
  field("memory_limit_bytes", speedup.memory_limit_bytes);
  field("micro_batch", speedup.micro_batch);
  field("baseline_samples_per_second", speedup.baseline_samples_per_second);
  field("candidate_samples_per_second", speedup.candidate_samples_per_second);
  field("speedup", speedup.speedup);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, PublishedRequirement>
static void describe(Visitor& field, T& requirement) {
  field("memory_limit_bytes", requirement.memory_limit_bytes);
  field("micro_batch_above", requirement.micro_batch_above);
  field("flags", requirement.flags);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, PublishedTables>
static void describe(Visitor& field, T& tables) {
  field("source", tables.source);
  field("speedups", tables.speedups);
  field("requirements", tables.requirements);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, RunInfo>
static void describe(Visitor& field, T& info) {
  field("schema_version", info.schema_version);
  field("name", info.name);
  field("axes", info.axes);
  field("baseline", info.baseline);
  field("flag_table_limits", info.flag_table_limits);
  field("device", info.device);
  field("published", info.published);
  field("plans", info.plans);
  field("fits", info.fits);
}

/// The parts of a RunInfo: plain fields, no rule of their own.
template <typename T>
concept RunInfoPart = std::same_as<T, PlannedCell> || std::same_as<T, FitSegment> ||
    std::same_as<T, PublishedSpeedup> || std::same_as<T, PublishedRequirement> ||
    std::same_as<T, PublishedTables>;

template <RunInfoPart T>
static void to_json(nlohmann::json& json, const T& part) {
  write_fields(json, part);
}
template <RunInfoPart T>
static void from_json(const nlohmann::json& json, T& part) {
  read_fields(json, part);
}

void to_json(nlohmann::json& json, const RunInfo& info) {
  write_fields(json, info);
  if (!info.traces.empty()) {
    at_key(kTraces, [&] { write_value(json[kTraces], info.traces); });
  }
}

void from_json(const nlohmann::json& json, RunInfo& info) {
  check_schema_version(json, kRunInfoVersion, "the run");
  StrictObject object(json);
  describe(object, info);
  info.traces.clear();
  if (json.contains(kTraces)) object(kTraces, info.traces);
  object.finish();
}

}  // namespace harness
