#include "json/in_quotes.h"

#include <nlohmann/json.hpp>

namespace json {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kMaxBytes = 80;
  const nlohmann::json value = std::string(text.substr(0, kMaxBytes));
  return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::ignore) +
         (text.size() > kMaxBytes ? "..." : "");
}

}  // namespace json
