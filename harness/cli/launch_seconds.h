#pragma once

#include <optional>

#include "harness/protocol/record.h"

namespace harness {

// A record's `environment` holds as `launch_seconds` what its worker took from start to end: more
// than its samples, by the start of the process, the model and the warm-up.

void set_launch_seconds(Record& record, double seconds);
/// None in records of cells that were not launched, and of versions that did not keep it.
std::optional<double> launch_seconds(const Record& record);

}  // namespace harness
