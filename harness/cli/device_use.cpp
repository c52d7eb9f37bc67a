#include "harness/cli/device_use.h"

#include <ostream>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/harness_error.h"

namespace harness {

std::optional<DeviceLock> use_device(const Device& device, WhenBusy when_busy, int stop_fd,
                                     std::ostream& messages) {
  const auto name = lock_name(device);
  if (!name) return std::nullopt;
  const auto folder = lock_folder();
  if (folder.fallback) {
    fmt::print(messages,
               "/run/lock cannot be written: locks of devices are in {}; BENCH_SWEEP_LOCKS names "
               "another folder\n",
               folder.path.string());
  }
  std::optional<DeviceLock> lock(std::in_place, folder, *name);
  if (lock->held()) return lock;
  const auto holder = lock->holder();
  const auto busy = fmt::format("the device {} is in use by {}", *name,
                                holder.empty() ? "another process" : holder);
  if (when_busy == WhenBusy::kRefuse) {
    throw HarnessError(busy + "; wait for it, or leave out --when-busy refuse");
  }
  messages << busy << "; waiting for it to end (Ctrl-C stops waiting)" << std::endl;
  wait_for(*lock, stop_fd);
  return lock;
}

}  // namespace harness
