#pragma once

#include <iosfwd>
#include <optional>

#include "harness/launch/device_lock.h"

namespace harness {

/// What to do where another process measures on the device.
enum class WhenBusy { kWait, kRefuse };

/// Takes the lock of the device that cells on `device` use, for as long as the result lives, so
/// that no two processes measure on it at once. None for a device that needs no lock. A line to
/// `messages` says whom it waits for. Throws HarnessError where the device is busy and
/// `when_busy` says to refuse, and where there can be no lock; Interrupted once `stop_fd` is
/// readable.
std::optional<DeviceLock> use_device(const Device& device, WhenBusy when_busy, int stop_fd,
                                     std::ostream& messages);

}  // namespace harness
