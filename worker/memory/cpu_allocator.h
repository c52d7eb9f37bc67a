#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <c10/core/Allocator.h>

#include "harness/protocol/memory_footprint.h"
#include "worker/memory/block_cache.h"
#include "worker/memory/ledger.h"
#include "worker/memory/run_memory.h"

namespace worker {

/// LibTorch's allocator for CPU tensors in the worker: counts what a run allocates, enforces its
/// limit on live bytes, scratch included, and keeps freed blocks for reuse. It throws
/// c10::OutOfMemoryError and never lets the machine itself run out of memory. Thread-safe.
///
/// LibTorch also asks it for scratch of oneDNN (raw_allocate), which shows only when such a block
/// is freed (raw_deleter). The allocator then remembers the code that had asked, so that from then
/// on scratch is known when it is allocated.
class CpuAllocator final : public c10::Allocator {
 public:
  /// The one instance; installed as LibTorch's CPU allocator at the first call, which must come
  /// before any oneDNN primitive allocates. Never destroyed: static tensors may outlive main.
  static CpuAllocator& instance();

  /// Starts counting anew, from nothing; blocks of earlier runs are no longer counted.
  void begin_run(const RunOptions& options);
  Ledger& ledger() { return *ledger_; }
  /// The run's footprint so far, with the bytes held from the machine as `reserved_bytes`.
  harness::MemoryFootprint footprint() const;
  /// The last refusal of this run.
  std::optional<Refusal> last_refusal() const;
  /// Hands cached blocks back to the machine.
  void trim();

  c10::DataPtr allocate(size_t bytes) override;
  c10::DeleterFnPtr raw_deleter() const override;
  void copy_data(void* destination, const void* source, std::size_t bytes) const override;

 private:
  struct Header;

  CpuAllocator();
  static void delete_tensor(void* data);
  static void delete_scratch(void* data);

  void* take(size_t bytes, const void* caller);
  void give_back(void* data, bool scratch);
  /// The ledger that this thread's blocks count in, or nullptr.
  Ledger* counting_ledger() const;
  bool is_scratch_caller(const void* caller) const;
  [[noreturn]] void refuse(Refusal::Reason reason, int64_t bytes);

  mutable std::mutex mutex_;
  int64_t resident_at_start_;
  BlockCache cache_;
  std::unique_ptr<Ledger> ledger_;
  RunOptions options_;
  std::optional<Refusal> last_refusal_;
  std::vector<const void*> scratch_callers_;
};

}  // namespace worker
