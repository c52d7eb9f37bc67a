#pragma once

#include <string>

#include <fmt/format.h>

namespace harness {

/// "280 MiB": bytes to the nearest whole MiB, for a line that people read.
inline std::string mib_text(auto bytes) {
  return fmt::format("{:.0f} MiB", static_cast<double>(bytes) / (1 << 20));
}

}  // namespace harness
