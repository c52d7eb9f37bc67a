#pragma once

#include <string>
#include <vector>

#include "harness/protocol/record.h"

namespace harness {

/// Something about where two runs were measured that keeps their times from being compared.
struct EnvironmentDifference {
  std::string what;    ///< "processor", "threads", ...
  std::string before;  ///< its values in each run, as text
  std::string after;
};

/// Where the machine (processor, how many), the threads or the libraries differ between two runs,
/// by what their workers found. The build may differ: that is what runs are compared for. A run of
/// which no worker said where it was differs in nothing.
std::vector<EnvironmentDifference> environment_differences(const std::vector<Record>& before,
                                                           const std::vector<Record>& after);

}  // namespace harness
