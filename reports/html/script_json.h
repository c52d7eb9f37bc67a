#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace reports {

/// JSON that may stand inside a <script> element: without '<', which could begin "</script>" or
/// "<!--". Bytes that are no UTF-8 become U+FFFD.
std::string script_json(const nlohmann::json& value);

}  // namespace reports
