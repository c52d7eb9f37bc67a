#include "harness/protocol/schema_version.h"

#include <fmt/format.h>

#include "harness/protocol/strict_object.h"

namespace harness {

void check_schema_version(const nlohmann::json& json, int supported, std::string_view what) {
  if (!json.is_object() || !json.contains("schema_version")) return;
  const auto& version = json["schema_version"];
  if (version.is_number_integer() && version != supported) {
    throw ProtocolPathError(
        "/schema_version",
        fmt::format("{} is not supported, expected {}; use the bench_sweep that wrote {}",
                    version.dump(), supported, what));
  }
}

}  // namespace harness
