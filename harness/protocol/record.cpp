#include "harness/protocol/record.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <utility>

#include <fmt/format.h>

#include "harness/protocol/schema_version.h"
#include "harness/protocol/strict_object.h"

namespace harness {
namespace {

constexpr std::array<std::pair<Status, std::string_view>, 8> kStatusNames = {{
    {Status::kPassed, "passed"},
    {Status::kIncorrect, "incorrect"},
    {Status::kMistrusted, "mistrusted"},
    {Status::kUnsupported, "unsupported"},
    {Status::kSkipped, "skipped"},
    {Status::kOutOfMemory, "out_of_memory"},
    {Status::kTimedOut, "timed_out"},
    {Status::kCrashed, "crashed"},
}};

constexpr std::array<std::pair<Phase, std::string_view>, 4> kPhaseNames = {{
    {Phase::kSetup, "setup"},
    {Phase::kForward, "forward"},
    {Phase::kBackward, "backward"},
    {Phase::kOptimizer, "optimizer"},
}};

template <typename Names, typename Value>
std::string_view name_of(const Names& names, Value value) {
  return std::find_if(names.begin(), names.end(),
                      [&](const auto& entry) { return entry.first == value; })
      ->second;
}

template <typename Names>
auto value_of(const Names& names, std::string_view what, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) {
      return value;
    }
  }
  std::string known;
  for (const auto& entry : names) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", entry.second);
  }
  throw ProtocolError(fmt::format("unknown {} '{}'; expected one of {}", what, text, known));
}

}  // namespace

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, CheckResult>
static void describe(Visitor& field, T& check) {
  field("status", check.status);
  field("reason", check.reason);
  field("worst_tensor", check.worst_tensor);
  field("worst_error", check.worst_error);
  field("tolerance", check.tolerance);
  field("tensors", check.tensors);
}

template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, RecordMemory>
static void describe(Visitor& field, T& memory) {
  field("planned", memory.planned);
  field("measured", memory.measured);
  field("out_of_memory", memory.out_of_memory);
  field("source", memory.source);
}

/// All but `checks`, an array in JSON and an optional here.
template <typename Visitor, typename T>
requires std::same_as<std::remove_const_t<T>, Record>
static void describe(Visitor& field, T& record) {
  field("schema_version", record.schema_version);
  field("cell", record.cell);
  field("round", record.round);
  field("status", record.status);
  field("reason", record.reason);
  field("phase", record.phase);
  field("samples", record.samples);
  field("tokens", record.tokens);
  field("sequences_per_sample", record.sequences_per_sample);
  field("memory", record.memory);
  field("environment", record.environment);
  field("build", record.build);
  field("repro", record.repro);
}

static void to_json(nlohmann::json& json, Status status) {
  json = to_string(status);
}
static void from_json(const nlohmann::json& json, Status& status) {
  std::string text;
  read_value(json, text);
  status = parse_status(text);
}

static void to_json(nlohmann::json& json, Phase phase) {
  json = to_string(phase);
}
static void from_json(const nlohmann::json& json, Phase& phase) {
  std::string text;
  read_value(json, text);
  phase = parse_phase(text);
}

static void to_json(nlohmann::json& json, const RecordMemory& memory) {
  write_fields(json, memory);
  if (const auto error = memory.plan_error()) to_json(json["plan_error"], *error);
}
/// Records of earlier versions have no `plan_error`.
static void from_json(const nlohmann::json& json, RecordMemory& memory) {
  StrictObject object(json);
  describe(object, memory);
  if (json.contains("plan_error")) {
    std::optional<PlanError> stated;
    object("plan_error", stated);
    if (stated != memory.plan_error()) {
      throw ProtocolPathError("/plan_error", "does not follow from `planned` and `measured`");
    }
  }
  object.finish();
  if (memory.source != "measured" && memory.source != "planned") {
    throw ProtocolPathError("/source", "expected 'measured' or 'planned'");
  }
}

static void check_values(const Record& record) {
  if ((record.status == Status::kPassed) != record.reason.empty()) {
    throw ProtocolPathError("/reason", "must be empty exactly where status is 'passed'");
  }
  for (std::size_t i = 0; i < record.samples.size(); ++i) {
    if (record.samples[i] < 0) {
      throw ProtocolPathError(fmt::format("/samples/{}", i),
                              "must not be negative; the worker's clock went backwards");
    }
  }
  if (record.tokens.size() != record.samples.size()) {
    throw ProtocolPathError("/tokens", fmt::format("{} counts for {} samples", record.tokens.size(),
                                                   record.samples.size()));
  }
  for (std::size_t i = 0; i < record.tokens.size(); ++i) {
    if (record.tokens[i] < 0) {
      throw ProtocolPathError(fmt::format("/tokens/{}", i), "must not be negative");
    }
  }
  if (record.round < 0) {
    throw ProtocolPathError("/round", "must not be negative");
  }
}

std::string_view to_string(Status status) {
  return name_of(kStatusNames, status);
}
std::string_view to_string(Phase phase) {
  return name_of(kPhaseNames, phase);
}
Status parse_status(std::string_view text) {
  return value_of(kStatusNames, "status", text);
}
Phase parse_phase(std::string_view text) {
  return value_of(kPhaseNames, "phase", text);
}

void to_json(nlohmann::json& json, const CheckResult& check) {
  write_fields(json, check);
}
void from_json(const nlohmann::json& json, CheckResult& check) {
  read_fields(json, check);
}

void to_json(nlohmann::json& json, const Record& record) {
  ObjectWriter writer(json);
  describe(writer, record);
  std::vector<CheckResult> checks;
  if (record.check) {
    checks.push_back(*record.check);
  }
  writer("checks", checks);
}

void from_json(const nlohmann::json& json, Record& record) {
  check_schema_version(json, kSchemaVersion, "the record");
  StrictObject object(json);
  describe(object, record);
  std::vector<CheckResult> checks;
  object("checks", checks);
  object.finish();
  if (checks.size() > 1) {
    throw ProtocolPathError("/checks", "expected at most one check");
  }
  record.check = checks.empty() ? std::nullopt : std::optional(checks.front());
  check_values(record);
}

}  // namespace harness
