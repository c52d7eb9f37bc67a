#pragma once

#include <vector>

#include "harness/protocol/step_trace.h"
#include "worker/trace/activity.h"
#include "worker/trace/span.h"

namespace worker {

/// From the begin of the first activity to the end of the last.
double device_seconds(const Activities& activities);

/// One row for each operator, phase and precision that launched an activity: its calls that did,
/// and the device's time for them. An activity that no operator launched has a row under its own
/// name; kDeviceIdle is the time in which no activity ran, in the phase of the activity that the
/// device waited for, its calls the number of gaps. Where several activities ran at once, each has
/// an equal part of that time, so that the rows add up to device_seconds().
/// `spans` after count_once().
std::vector<harness::OperatorTime> device_table(const Spans& spans, const Activities& activities);

}  // namespace worker
