#pragma once

#include <string>

namespace harness {

/// A fraction as people read it: "3 %" for 0.03, "0.5 %" for 0.005.
std::string percent_text(double fraction);

/// What a ratio of after over before means: "+3.20 %" for 1.032, "-0.50 %" for 0.995.
std::string change_text(double ratio);

}  // namespace harness
