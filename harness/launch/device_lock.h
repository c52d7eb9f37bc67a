#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "harness/launch/unique_fd.h"
#include "harness/protocol/cell.h"

namespace harness {

/// Where locks of devices lie: $BENCH_SWEEP_LOCKS, or /run/lock, or where that cannot be written
/// /tmp, which `fallback` says.
struct LockFolder {
  std::filesystem::path path;
  bool fallback = false;
};

/// Creates the folder that $BENCH_SWEEP_LOCKS names. Throws HarnessError.
LockFolder lock_folder();

/// The name of the device of this machine that cells on `device` use: "cpu"; "cuda-" and the first
/// device that CUDA_VISIBLE_DEVICES leaves, as it stands there. None for a simulated device, which
/// any number of sweeps can use at once.
std::optional<std::string> lock_name(const Device& device);

/// A device on which this process measures and no other that asks for its lock does. A flock on a
/// file, which goes with the process however it ends.
class DeviceLock {
 public:
  /// Takes the lock of the device `name` if it is free. Throws HarnessError where there cannot be
  /// one.
  DeviceLock(const LockFolder& folder, const std::string& name);

  bool held() const { return held_; }
  /// Tries again.
  bool try_again();
  /// Who holds it, as that process has said: "process 12 (bench_sweep quickstart.json), since
  /// 2026-01-02T03:04:05Z". Empty where it has not, or ended.
  std::string holder() const;

 private:
  UniqueFd file_;
  std::filesystem::path path_;
  bool held_ = false;
};

/// Waits until `lock` is held. Throws Interrupted once `stop_fd` is readable; -1: never.
void wait_for(DeviceLock& lock, int stop_fd);

}  // namespace harness
