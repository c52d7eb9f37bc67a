#include "harness/spec/percentage.h"

#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/spec/unit_number.h"

namespace harness {
namespace {

constexpr std::array<Unit, 1> kPercentUnits = {{{"%", 0.01}}};

}  // namespace

double parse_percentage(std::string_view text) {
  const double fraction = parse_with_unit(text, kPercentUnits);
  if (fraction < 0) {
    throw std::invalid_argument(
        fmt::format("'{}' is not a percentage; write for example \"3 %\"", text));
  }
  if (fraction == 0 || fraction > 1) {
    throw std::invalid_argument(
        fmt::format("'{}' is out of range; give more than 0 % and at most 100 %", text));
  }
  return fraction;
}

}  // namespace harness
