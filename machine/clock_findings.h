#pragma once

#include <filesystem>
#include <vector>

#include "machine/finding.h"

namespace machine {

/// What decides how fast the processors' clocks run and how time is read: frequency governor,
/// turbo, threads that share a core, clock source, virtual machine. `processors`: those that are
/// measured on. `root` stands in for / in tests.
Findings clock_findings(const std::vector<int>& processors,
                        const std::filesystem::path& root = "/");

}  // namespace machine
