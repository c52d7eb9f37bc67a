#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace harness {

/// Levels of arrays and objects inside each other that JSON may have here: far more than anything
/// we write, and few enough for functions that call themselves once a level.
inline constexpr int kMaxJsonLevels = 64;

/// Parse JSON from outside. Throws ProtocolError where it is nested deeper than kMaxJsonLevels,
/// nlohmann's parse_error where it is not JSON.
nlohmann::json parse_shallow_json(const std::string& text);

}  // namespace harness
