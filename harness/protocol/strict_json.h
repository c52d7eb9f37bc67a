#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace harness {

/// Parse JSON from outside. Throws ProtocolError (one line) where it has a fault, see JsonFault:
/// "/path: problem; remedy", or "line:column: not JSON: ...; remedy".
nlohmann::json parse_strict_json(const std::string& text);

}  // namespace harness
