#pragma once

#include <string>
#include <vector>

#include "harness/plan/schedule.h"

namespace harness {

/// "fused minilm-l6 mb 8 fp32  8 MiB  2 rounds": a cell of a sweep that has not run, with its
/// planned peak, and its rounds or why it is not launched. `axes`: as for cell_label().
std::string cell_line(const ScheduledCell& scheduled, const std::vector<std::string>& axes);

}  // namespace harness
