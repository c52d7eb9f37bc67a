#include "reports/html/script_json.h"

#include <nlohmann/json.hpp>

namespace reports {

std::string script_json(const nlohmann::json& value) {
  std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  // In JSON '<' stands in strings alone, where an escape means the same.
  for (auto at = text.find('<'); at != std::string::npos; at = text.find('<', at)) {
    text.replace(at, 1, "\\u003c");
  }
  return text;
}

}  // namespace reports
