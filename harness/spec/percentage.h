#pragma once

#include <string_view>

namespace harness {

/// The fraction that "3 %" or "0.5 %" is (0.03, 0.005). Throws std::invalid_argument with one line
/// on any other text and on what is 0 or above 100 %.
double parse_percentage(std::string_view text);

}  // namespace harness
