#pragma once

#include <string>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"

namespace worker {

/// Why no device of the cell's kind can run or plan the cell, one line; empty where it can.
std::string unplannable_reason(const harness::Cell& cell);

/// Whether the device that a cell names is there, for this build of the worker.
harness::DeviceStatus device_status(const std::string& kind);

}  // namespace worker
