#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kernels::cuda_emulator {

struct Thread;

/// The cp.async copies that one thread has started and not waited for. What is copied is read when
/// the copy starts and written when the wait for it ends, the latest moment that a device may take;
/// between, the target may not be touched.
class AsyncCopies {
 public:
  /// Copies `source_bytes` of `bytes` (4, 8 or 16) and fills the rest with 0.
  void start(Thread& thread, void* target, const void* source, size_t bytes, size_t source_bytes);

  /// The copies since the last commit become a group.
  void commit() { ++group_; }

  /// Ends the copies of all groups but the latest `groups`.
  void wait(Thread& thread, uint32_t groups);

  /// Ends all copies, those in no group, too.
  void wait_all(Thread& thread);

  bool empty() const { return copies_.empty(); }
  void clear() { copies_.clear(); }

 private:
  struct Copy {
    void* target;
    size_t bytes;
    uint32_t group;
    std::array<std::byte, 16> data;
  };

  void end_copies_before(Thread& thread, uint32_t group);

  std::vector<Copy> copies_;
  uint32_t group_ = 0;
};

}  // namespace kernels::cuda_emulator
