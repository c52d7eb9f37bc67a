#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "worker/trace/activity.h"
#include "worker/trace/span.h"

namespace worker {

/// The activities as complete events of a Chrome trace, in a process of their own with a track a
/// stream, microseconds since `start_ns`. Each says what launched it: operator, phase, layer and
/// autograd node, as far as it has them. Nothing for no activities. `spans` after count_once().
std::vector<nlohmann::json> device_events(const Spans& spans, const Activities& activities,
                                          int64_t start_ns);

}  // namespace worker
