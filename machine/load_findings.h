#pragma once

#include <filesystem>
#include <vector>

#include "machine/finding.h"
#include "machine/process_times.h"

namespace machine {

/// Two looks at what runs, and how far apart they were.
struct Watch {
  ProcessTimes before;
  ProcessTimes after;
  double seconds = 0;
  int own_process = 0;  ///< left out
};

/// Who else uses the processors: load average, busy processes, a hypervisor's other guests, and the
/// control group's bound. `allowed`: the processors that this process may use. `root` stands in for
/// / in tests.
Findings load_findings(const std::vector<int>& allowed, const Watch& watch,
                       const std::filesystem::path& root = "/");

/// Looks twice, `seconds` apart.
Watch watch_processes(double seconds);

}  // namespace machine
