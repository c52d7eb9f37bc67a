#pragma once

#include <filesystem>

#include "machine/finding.h"

namespace machine {

/// What memory is left, and what the kernel may do with it while a step runs: swap, huge pages, the
/// control group's bound. `root` stands in for / in tests.
Findings memory_findings(const std::filesystem::path& root = "/");

}  // namespace machine
