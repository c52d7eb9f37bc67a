#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace harness {

/// Levels of arrays and objects inside each other that JSON may have here: far more than anything
/// we write, and few enough for functions that call themselves once a level.
inline constexpr int kMaxJsonLevels = 64;

/// Why a text is not JSON that is taken here.
struct JsonFault {
  std::string line_column;  ///< "3:5" where it is not JSON at all, in bytes from 1; else empty
  nlohmann::json::json_pointer pointer;  ///< else where in the document the fault is
  std::string problem;
  std::string remedy;
};

/// The first fault of `text`: it is not JSON, has a key twice in one object, or has more than
/// kMaxJsonLevels of arrays and objects inside each other. None where it is sound.
std::optional<JsonFault> find_json_fault(const std::string& text);

}  // namespace harness
