#include "reports/html/script_json.h"

#include <nlohmann/json.hpp>

namespace reports {

std::string script_json(const nlohmann::json& value) {
  const std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  // In JSON '<' stands in strings alone, where an escape means the same.
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace reports
