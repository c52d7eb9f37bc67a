#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/store/run_directory.h"

namespace harness {

/// Where a command that makes no run of its own ("plan", "gate") writes: `out`, or
/// runs/<name>/<UTC time>-<command>, at which `latest` does not point.
RunLocation output_location(const std::string& command, const std::string& name,
                            const std::optional<std::filesystem::path>& out);

}  // namespace harness
