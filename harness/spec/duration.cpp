#include "harness/spec/duration.h"

#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/spec/limits.h"
#include "harness/spec/unit_number.h"

namespace harness {
namespace {

constexpr std::array<Unit, 4> kTimeUnits = {{
    {"ms", 1e-3},
    {"s", 1.0},
    {"min", 60.0},
    {"h", 3600.0},
}};

}  // namespace

double parse_duration(std::string_view text) {
  const double seconds = parse_with_unit(text, kTimeUnits);
  if (seconds < 0) {
    throw std::invalid_argument(fmt::format(
        "'{}' is not a duration; write for example \"300 s\" or \"5 min\" (units ms, s, min, h)",
        text));
  }
  if (seconds == 0 || seconds > kMaxTimeoutSeconds) {
    throw std::invalid_argument(fmt::format(
        "'{}' is out of range; give more than 0 and at most {} s", text, kMaxTimeoutSeconds));
  }
  return seconds;
}

}  // namespace harness
