#include <cstdint>

#include "tests/worker/cuda/faulting_kernel.h"

namespace worker {
namespace {

__global__ void write_to(uintptr_t address) {
  *reinterpret_cast<volatile int*>(address) = 1;
}

}  // namespace

void launch_faulting_kernel(cudaStream_t stream) {
  constexpr uintptr_t kNobodys = 16;
  write_to<<<1, 1, 0, stream>>>(kNobodys);
}

}  // namespace worker
