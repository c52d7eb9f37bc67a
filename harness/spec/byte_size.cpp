#include "harness/spec/byte_size.h"

#include <array>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/spec/limits.h"
#include "harness/spec/unit_number.h"

namespace harness {
namespace {

constexpr std::array<Unit, 5> kByteUnits = {{
    {"B", 1.0},
    {"KiB", 1024.0},
    {"MiB", 1024.0 * 1024},
    {"GiB", 1024.0 * 1024 * 1024},
    {"TiB", 1024.0 * 1024 * 1024 * 1024},
}};

}  // namespace

int64_t parse_byte_size(std::string_view text) {
  const double bytes = parse_with_unit(text, kByteUnits);
  if (bytes < 0) {
    throw std::invalid_argument(fmt::format(
        "'{}' is not a memory size; write for example \"16 GiB\" or \"512 MiB\" (units B, KiB, "
        "MiB, GiB, TiB)",
        text));
  }
  if (bytes > static_cast<double>(kMaxBytes)) {
    throw std::invalid_argument(
        fmt::format("'{}' is more than {} bytes; give a smaller memory size", text, kMaxBytes));
  }
  return static_cast<int64_t>(std::floor(bytes));
}

}  // namespace harness
