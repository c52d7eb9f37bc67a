#include "harness/protocol/strict_object.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace harness {
namespace {

[[noreturn]] void throw_type(const nlohmann::json& json, const char* expected) {
  std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  constexpr std::size_t kShown = 40;
  if (text.size() > kShown) {
    text = text.substr(0, kShown) + "...";
  }
  throw ProtocolPathError("", fmt::format("expected {}, got {}", expected, text));
}

}  // namespace

ProtocolPathError::ProtocolPathError(const std::string& path, const std::string& problem)
    : ProtocolError(path.empty() ? problem : fmt::format("{}: {}", path, problem)),
      path_(path),
      problem_(problem) {}

ProtocolPathError ProtocolPathError::inside(const std::string& key) const {
  return ProtocolPathError("/" + key + path_, problem_);
}

void read_value(const nlohmann::json& json, int64_t& value) {
  if (!json.is_number_integer() ||
      (json.is_number_unsigned() &&
       json.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))) {
    throw_type(json, "an integer below 2^63");
  }
  value = json.get<int64_t>();
}

void read_value(const nlohmann::json& json, uint64_t& value) {
  // A JSON value built in C++ from a signed integer is not "unsigned", whatever its sign.
  if (!json.is_number_integer() || (!json.is_number_unsigned() && json.get<int64_t>() < 0)) {
    throw_type(json, "an integer from 0 to 2^64 - 1");
  }
  value = json.get<uint64_t>();
}

void read_value(const nlohmann::json& json, int& value) {
  int64_t wide = 0;
  read_value(json, wide);
  if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
    throw_type(json, "a 32-bit integer");
  }
  value = static_cast<int>(wide);
}

void read_value(const nlohmann::json& json, double& value) {
  if (!json.is_number() || !std::isfinite(json.get<double>())) {
    throw_type(json, "a finite number");
  }
  value = json.get<double>();
}

void read_value(const nlohmann::json& json, bool& value) {
  if (!json.is_boolean()) {
    throw_type(json, "true or false");
  }
  value = json.get<bool>();
}

void read_value(const nlohmann::json& json, std::string& value) {
  if (!json.is_string()) {
    throw_type(json, "a string");
  }
  value = json.get<std::string>();
}

void read_value(const nlohmann::json& json, nlohmann::json& value) {
  value = json;
}

void write_value(nlohmann::json& json, double value) {
  if (!std::isfinite(value)) {
    throw ProtocolPathError("", fmt::format("{} cannot be written: not a finite number", value));
  }
  json = value;
}

StrictObject::StrictObject(const nlohmann::json& json) : object_(json) {
  if (!json.is_object()) {
    throw_type(json, "an object");
  }
}

const nlohmann::json& StrictObject::take(const std::string& key) {
  const auto found = object_.find(key);
  if (found == object_.end()) {
    throw ProtocolPathError("", "missing key");
  }
  taken_.push_back(&*found);
  return *found;
}

bool StrictObject::taken(const nlohmann::json& value) const {
  return std::find(taken_.begin(), taken_.end(), &value) != taken_.end();
}

std::map<std::string, nlohmann::json> StrictObject::take_rest() {
  std::map<std::string, nlohmann::json> rest;
  for (const auto& [key, value] : object_.items()) {
    if (taken(value)) continue;
    rest.emplace(key, value);
    taken_.push_back(&value);
  }
  return rest;
}

void StrictObject::finish() const {
  for (const auto& [key, value] : object_.items()) {
    if (!taken(value)) throw ProtocolPathError("/" + key, "unknown key");
  }
}

}  // namespace harness
