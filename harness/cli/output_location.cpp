#include "harness/cli/output_location.h"

#include <chrono>

namespace harness {

RunLocation output_location(const std::string& command, const std::string& name,
                            const std::optional<std::filesystem::path>& out) {
  auto location = run_location(name, out, std::chrono::system_clock::now());
  if (!out) location.directory += "-" + command;
  location.latest.clear();
  return location;
}

}  // namespace harness
