#pragma once

#include <string>
#include <string_view>

namespace json {

/// `value` as Python's json.dumps writes a float: the shortest decimal digits that give it back,
/// always with a point or an exponent ("1.0", "1e-05"). Throws std::invalid_argument where it is
/// not finite, which JSON cannot say.
std::string python_json(double value);

/// UTF-8 `text` as json.dumps writes a str: in quotes, everything outside ASCII as \uXXXX, beyond
/// the basic plane as a pair of them. Throws std::invalid_argument where `text` is not UTF-8.
std::string python_json(std::string_view text);

}  // namespace json
