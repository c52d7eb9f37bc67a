#pragma once

#include <array>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace harness {

/// Scalars of a sweep file's `model` that may be axes instead; their names in a cell's JSON.
inline constexpr std::array<std::string_view, 13> kModelAxes = {
    "preset",       "config",     "layers",        "hidden",      "heads",
    "intermediate", "vocabulary", "max_positions", "token_types", "layer_norm_eps",
    "layer_norm",   "gelu",       "dropout"};

bool is_model_axis(std::string_view name);

/// An axis value as text: a string as it is, a number as JSON writes it.
std::string model_axis_text(const nlohmann::json& value);
std::string model_axis_text(const nlohmann::ordered_json& value);
/// The JSON value that model_axis_text made `text` from.
nlohmann::json model_axis_value(const std::string& text);

}  // namespace harness
