#pragma once

#include <string_view>

namespace harness {

/// Seconds of "300 s", "5 min", "1.5 h" or "200 ms". Throws std::invalid_argument with one line on
/// any other text and anything that is 0 or above kMaxTimeoutSeconds.
double parse_duration(std::string_view text);

}  // namespace harness
