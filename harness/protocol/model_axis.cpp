#include "harness/protocol/model_axis.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace harness {

bool is_model_axis(std::string_view name) {
  return std::find(kModelAxes.begin(), kModelAxes.end(), name) != kModelAxes.end();
}

std::string model_axis_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string model_axis_text(const nlohmann::ordered_json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

nlohmann::json model_axis_value(const std::string& text) {
  const auto number = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  return number.is_number() ? number : nlohmann::json(text);
}

}  // namespace harness
