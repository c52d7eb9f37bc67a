#pragma once

#include <cstdint>

#include "worker/memory/caching_segments.h"
#include "worker/memory/ledger.h"

namespace worker {

/// The device whose allocations a plan stands for.
enum class PlannedDevice { kCpu, kCuda };

/// While it lives, tensors that this thread makes on meta are counted by `ledger` as `device` would
/// allocate them, on CUDA in blocks of CachingSegments; so are its tensors on the CPU (scalars that
/// LibTorch wraps) where `device` is the CPU. The CPU allocator's own run counts neither.
/// `threads`: how many the planned run computes with, by which CPU operators size their
/// temporaries: what at::get_num_threads() says on this thread, whatever other threads plan. One a
/// thread at a time.
class PlanningScope {
 public:
  PlanningScope(Ledger& ledger, PlannedDevice device, int64_t threads);
  PlanningScope(const PlanningScope&) = delete;
  PlanningScope& operator=(const PlanningScope&) = delete;
  ~PlanningScope();

  Ledger& ledger() const { return ledger_; }
  PlannedDevice device() const { return device_; }

  /// A block of the planned device's.
  struct Block {
    Allocation allocation;
    CachingSegments::Address address = 0;  ///< on CUDA
  };
  Block allocate(int64_t bytes, bool scratch = false);
  void release(const Block& block);

  /// The ledger's; on CUDA with what the caching allocator reserves for it.
  harness::MemoryFootprint footprint() const;

  /// This thread's scope, or nullptr.
  static PlanningScope* current();

 private:
  Ledger& ledger_;
  PlannedDevice device_;
  CachingSegments segments_;
  int previous_threads_;
};

}  // namespace worker
