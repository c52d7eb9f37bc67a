// What a compiler calls for each load and store of code compiled with -fsanitize=thread, and what
// the program links in place of the sanitizer's run-time library. So device code is written with
// plain pointers, as for a device, and the emulator sees every access to memory (a variable that
// stays in registers on a device stays out of memory here, too). Accesses of host code that is
// compiled along go through unchecked.

#include <cstddef>
#include <cstdint>

#include "kernels/core/cuda_emulator/access.h"
#include "kernels/core/cuda_emulator/block.h"

namespace {

using kernels::cuda_emulator::Access;
using kernels::cuda_emulator::check_access;
using kernels::cuda_emulator::check_aligned;
using kernels::cuda_emulator::running_thread;
using kernels::cuda_emulator::Thread;

void observe(const void* address, size_t bytes, Access access, bool aligned, const void* from) {
  Thread* thread = running_thread();
  if (thread == nullptr) return;
  if (aligned) check_aligned(*thread, address, bytes, from);
  check_access(*thread, address, bytes, access, from);
}

}  // namespace

#define BENCH_OBSERVE(name, bytes, access, aligned)                        \
  void __tsan_##name(void* address) {                                      \
    observe(address, bytes, access, aligned, __builtin_return_address(0)); \
  }
#define BENCH_OBSERVE_BOTH(bytes)                                   \
  BENCH_OBSERVE(read##bytes, bytes, Access::kRead, true)            \
  BENCH_OBSERVE(write##bytes, bytes, Access::kWrite, true)          \
  BENCH_OBSERVE(volatile_read##bytes, bytes, Access::kRead, true)   \
  BENCH_OBSERVE(volatile_write##bytes, bytes, Access::kWrite, true) \
  BENCH_OBSERVE(unaligned_read##bytes, bytes, Access::kRead, false) \
  BENCH_OBSERVE(unaligned_write##bytes, bytes, Access::kWrite, false)

extern "C" {

BENCH_OBSERVE_BOTH(1)
BENCH_OBSERVE_BOTH(2)
BENCH_OBSERVE_BOTH(4)
BENCH_OBSERVE_BOTH(8)
BENCH_OBSERVE_BOTH(16)

void __tsan_read_range(void* address, size_t bytes) {
  observe(address, bytes, Access::kRead, false, __builtin_return_address(0));
}
void __tsan_write_range(void* address, size_t bytes) {
  observe(address, bytes, Access::kWrite, false, __builtin_return_address(0));
}

// Nothing to observe.
void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void*, void*) {}
void __tsan_vptr_read(void*) {}

}  // extern "C"
