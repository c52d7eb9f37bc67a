#pragma once

#include <cstddef>
#include <cstdint>

namespace kernels::cuda_emulator {

/// Stacks for the threads of a block, each above a page that may not be touched.
class FiberStacks {
 public:
  static constexpr size_t kBytes = 128 * 1024;

  FiberStacks() = default;
  ~FiberStacks();
  FiberStacks(const FiberStacks&) = delete;
  FiberStacks& operator=(const FiberStacks&) = delete;

  /// Makes at least `count` stacks. What was in them is lost.
  void reserve(size_t count);

  /// The lowest address of stack `i`.
  uintptr_t low(size_t i) const;

 private:
  void release();

  void* memory_ = nullptr;
  size_t count_ = 0;
};

/// A stack pointer for the stack at `low` that enters `entry` when it is first switched to. `entry`
/// must not return.
void* new_fiber(uintptr_t low, void (*entry)());

/// Goes on at the stack pointer `to`, and leaves in `*from` where to come back to. Some 5 ns, where
/// swapcontext takes 2 us: it sets the signal mask twice.
extern "C" void bench_switch_fiber(void** from, void* to);

}  // namespace kernels::cuda_emulator
