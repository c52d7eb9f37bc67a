#pragma once

#include <string>

#include "worker/device/device.h"

namespace worker {

/// Why this build of the worker has no device of a kind on this machine, one line; empty where it
/// has one. Throws harness::ProtocolError for a kind that no build knows.
std::string absence_of(const std::string& kind);

/// The device of a kind whose absence_of() is empty.
Device& device_of(const std::string& kind);

/// The fault() of a device that device_of() has given out; empty where none has one.
std::string fault_of_devices();

}  // namespace worker
