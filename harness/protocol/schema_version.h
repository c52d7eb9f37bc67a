#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace harness {

/// Throws ProtocolError where `json` is an object with another `schema_version` than `supported`,
/// so that a document of another version is refused for that and not for a key it has or lacks.
/// `what`: "the run", "the record". A missing or mistyped version is for the document's reader.
void check_schema_version(const nlohmann::json& json, int supported, std::string_view what);

}  // namespace harness
