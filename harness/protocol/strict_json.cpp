#include "harness/protocol/strict_json.h"

#include <utility>

#include <fmt/format.h>

#include "harness/protocol/json_fault.h"
#include "harness/protocol/strict_object.h"

namespace harness {

nlohmann::json parse_strict_json(const std::string& text) {
  CheckedJson checked = check_json(text);
  if (const auto& fault = checked.fault) {
    const std::string line = fmt::format("{}; {}", fault->problem, fault->remedy);
    if (fault->line_column.empty()) throw ProtocolPathError(fault->pointer.to_string(), line);
    throw ProtocolError(fmt::format("{}: {}", fault->line_column, line));
  }
  return std::move(checked.document);
}

}  // namespace harness
