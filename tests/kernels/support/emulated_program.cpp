#include <utility>

#include "kernels/core/cuda_emulator/launch.h"
#include "tests/kernels/support/cuda_program.h"

namespace kernels::testing {

c10::Device cuda_device() {
  return c10::kCPU;
}

void seed_schedule(uint64_t seed) {
  cuda_emulator::seed_schedule(seed);
}

bool kernels_ran() {
  static uint64_t before = 0;
  const uint64_t threads = cuda_emulator::threads_run();
  return std::exchange(before, threads) < threads;
}

}  // namespace kernels::testing
