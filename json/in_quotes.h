#pragma once

#include <string>
#include <string_view>

namespace json {

/// `text` in double quotes for messages: control and non-ASCII characters as JSON escapes, cut
/// after 80 bytes.
std::string in_quotes(std::string_view text);

}  // namespace json
