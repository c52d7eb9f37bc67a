#include "harness/analysis/percent_text.h"

#include <fmt/format.h>

namespace harness {

std::string percent_text(double fraction) {
  return fmt::format("{:.4g} %", 100 * fraction);
}

std::string change_text(double ratio) {
  return fmt::format("{:+.2f} %", 100 * (ratio - 1));
}

}  // namespace harness
