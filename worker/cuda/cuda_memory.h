#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include <c10/cuda/CUDACachingAllocator.h>

#include "worker/memory/ledger.h"
#include "worker/memory/run_memory.h"

namespace worker {

/// What LibTorch's caching allocator gives out on a device, counted by category as it goes, and
/// limited by its memory fraction, so that a large card can stand for a smaller one. The limit is
/// on what the allocator reserves. Thread-safe.
class CudaMemory {
 public:
  explicit CudaMemory(c10::DeviceIndex device);
  CudaMemory(const CudaMemory&) = delete;
  CudaMemory& operator=(const CudaMemory&) = delete;
  ~CudaMemory() = default;

  void begin_run(const RunOptions& options);
  /// Hands cached blocks back to the device.
  void trim() { c10::cuda::CUDACachingAllocator::emptyCache(); }
  Ledger& ledger() { return *ledger_; }
  /// The allocator's own peaks. `other` has what blocks are larger than was asked for.
  harness::MemoryFootprint footprint() const;
  std::optional<Refusal> last_refusal() const;

  /// Bytes of the device in use that are not the allocator's: contexts, libraries, other processes.
  int64_t outside_bytes() const;

  /// An event of the allocator.
  void observe(const c10::CachingDeviceAllocator::TraceEntry& event);

 private:
  void count(uint64_t address, int64_t bytes);
  void release(uint64_t address);

  c10::DeviceIndex device_;
  mutable std::mutex mutex_;
  std::unique_ptr<Ledger> ledger_;
  std::unordered_map<uint64_t, Allocation> blocks_;
  std::optional<Refusal> last_refusal_;
  bool limited_ = false;
};

}  // namespace worker
