#include "kernels/core/cuda_emulator/fiber.h"

#include <new>

#include <sys/mman.h>

#if !defined(__x86_64__)
#error "the emulator's switch of stacks is written for x86-64"
#endif

// What the System V calling convention has a callee preserve goes onto the old stack and comes from
// the new one; the control words of the floating-point units are the same for all fibers.
asm(R"(
  .text
  .globl bench_switch_fiber
  .type bench_switch_fiber, @function
bench_switch_fiber:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size bench_switch_fiber, .-bench_switch_fiber
)");

namespace kernels::cuda_emulator {
namespace {

constexpr size_t kGuard = 4096;
constexpr size_t kStride = FiberStacks::kBytes + kGuard;
constexpr size_t kSavedRegisters = 6;

}  // namespace

FiberStacks::~FiberStacks() {
  release();
}

void FiberStacks::release() {
  if (memory_ != nullptr) munmap(memory_, count_ * kStride);
  memory_ = nullptr;
  count_ = 0;
}

void FiberStacks::reserve(size_t count) {
  if (count <= count_) return;
  release();
  void* memory = mmap(nullptr, count * kStride, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = memory;
  count_ = count;
  for (size_t i = 0; i < count; ++i) {
    mprotect(static_cast<char*>(memory_) + i * kStride, kGuard, PROT_NONE);
  }
}

uintptr_t FiberStacks::low(size_t i) const {
  return reinterpret_cast<uintptr_t>(memory_) + i * kStride + kGuard;
}

void* new_fiber(uintptr_t low, void (*entry)()) {
  // As a call leaves it: the return address (there is none) 8 bytes below a multiple of 16.
  auto* top = reinterpret_cast<void**>(low + FiberStacks::kBytes);
  *--top = nullptr;
  *--top = reinterpret_cast<void*>(entry);
  for (size_t i = 0; i < kSavedRegisters; ++i) *--top = nullptr;
  return top;
}

}  // namespace kernels::cuda_emulator
