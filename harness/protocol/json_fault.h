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

struct CheckedJson {
  nlohmann::json document;         ///< where there is a fault, what stands before it
  std::optional<JsonFault> fault;  ///< the first; none where the text is sound
};

/// Parses `text`. A fault: it is not JSON, has a key twice in one object, or has more than
/// kMaxJsonLevels of arrays and objects inside each other.
CheckedJson check_json(const std::string& text);

}  // namespace harness
