#pragma once

#include <cstdint>

#include "worker/memory/ledger.h"
#include "worker/memory/rounding.h"

namespace worker {

/// The device whose allocations a plan stands for.
enum class PlannedDevice { kCpu, kCuda };

inline constexpr int64_t granularity_of(PlannedDevice device) {
  return device == PlannedDevice::kCpu ? kCpuGranularity : kCudaGranularity;
}

/// While it lives, tensors that this thread makes on meta are counted by `ledger` as `device` would
/// allocate them; so are its tensors on the CPU (scalars that LibTorch wraps) where `device` is the
/// CPU. The CPU allocator's own run counts neither. `threads`: how many the planned run computes
/// with, by which CPU operators size their temporaries: what at::get_num_threads() says on this
/// thread, whatever other threads plan. One a thread at a time.
class PlanningScope {
 public:
  PlanningScope(Ledger& ledger, PlannedDevice device, int64_t threads);
  PlanningScope(const PlanningScope&) = delete;
  PlanningScope& operator=(const PlanningScope&) = delete;
  ~PlanningScope();

  Ledger& ledger() const { return ledger_; }
  PlannedDevice device() const { return device_; }

  /// This thread's scope, or nullptr.
  static PlanningScope* current();

 private:
  Ledger& ledger_;
  PlannedDevice device_;
  int previous_threads_;
};

}  // namespace worker
