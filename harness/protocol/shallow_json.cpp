#include "harness/protocol/shallow_json.h"

#include <fmt/format.h>

#include "harness/protocol/protocol_error.h"

namespace harness {

nlohmann::json parse_shallow_json(const std::string& text) {
  return nlohmann::json::parse(
      text, [](int level, nlohmann::json::parse_event_t, const nlohmann::json&) {
        if (level > kMaxJsonLevels) {
          throw ProtocolError(fmt::format(
              "nested too deep: more than {} levels of arrays and objects", kMaxJsonLevels));
        }
        return true;
      });
}

}  // namespace harness
