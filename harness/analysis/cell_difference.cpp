#include "harness/analysis/cell_difference.h"

#include <filesystem>

#include <nlohmann/json.hpp>

namespace harness {
namespace {

/// The cell as it is measured, wherever its data lies and however often it is repeated. What a
/// simulated device does stands for the build.
nlohmann::json essence(const Cell& cell) {
  nlohmann::json json = cell;
  for (auto& [key, value] : json["data"].items()) {
    if (value.is_string()) {
      value = std::filesystem::path(value.get<std::string>()).filename().string();
    }
  }
  for (const char* key : {"rounds", "steps", "timeout_s"}) json["measure"].erase(key);
  json["device"].erase("simulated");
  return json;
}

/// Appends the keys below `path` whose values differ, as deep as both are objects.
void append_differences(const nlohmann::json& a, const nlohmann::json& b, const std::string& path,
                        std::string& names) {
  if (a == b) return;
  if (!a.is_object() || !b.is_object()) {
    names += (names.empty() ? "" : ", ") + path;
    return;
  }
  nlohmann::json keys = a;
  keys.update(b);
  for (const auto& [key, value] : keys.items()) {
    append_differences(a.value(key, nlohmann::json()), b.value(key, nlohmann::json()),
                       path.empty() ? key : path + "." + key, names);
  }
}

}  // namespace

std::string cell_difference(const Cell& a, const Cell& b) {
  std::string names;
  append_differences(essence(a), essence(b), "", names);
  return names;
}

}  // namespace harness
