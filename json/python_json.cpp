#include "json/python_json.h"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace json {

std::string python_json(double value) {
  if (!std::isfinite(value)) {
    throw std::invalid_argument(fmt::format("{} cannot be written as JSON", value));
  }
  // fmt has Python's digits and its choice of exponents, but writes 1.0 as "1".
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".e") == std::string::npos) {
    text += ".0";
  }
  return text;
}

std::string python_json(std::string_view text) {
  try {
    return nlohmann::json(text).dump(-1, ' ', true);
  } catch (const nlohmann::json::type_error&) {
    throw std::invalid_argument("text that is not UTF-8 cannot be written as JSON");
  }
}

}  // namespace json
