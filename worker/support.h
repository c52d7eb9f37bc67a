#pragma once

#include <string>

#include "harness/protocol/cell.h"
#include "harness/protocol/plan.h"
#include "model/implementation.h"

namespace worker {

/// Why no device of the cell's kind can run or plan the cell, one line; empty where it can. Throws
/// harness::ProtocolError for flags and words of a model that are none.
std::string unplannable_reason(const harness::Cell& cell, const model::Registry& registry);

/// The same of this machine's device: why it is not there, or cannot run the cell. Throws
/// harness::ProtocolError for a device kind that is none, too.
std::string unsupported_reason(const harness::Cell& cell, const model::Registry& registry);

/// Whether the device that a cell names is there, for this build of the worker.
harness::DeviceStatus device_status(const std::string& kind);

}  // namespace worker
