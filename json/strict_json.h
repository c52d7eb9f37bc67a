#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace json {

/// `text` as JSON in UTF-8; `file` is what errors call it. Throws Error where it is not (with
/// line and column), has lone surrogates or a number beyond a double's range, has a key twice in
/// one object, or has more than 64 levels of arrays and objects inside each other.
nlohmann::json parse_strict_json(std::string_view text, const std::string& file);

}  // namespace json
