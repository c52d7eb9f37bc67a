#pragma once

// Runs kernels on the CPU, for tests: a grid block by block, each thread of a block a fiber.
//
// Device code is compiled as C++ for the host, against device.h, with the instrumentation of
// -fsanitize=thread (target cuda_emulated_code); instrumentation.cpp takes the place of the
// run-time library. So every load and store passes through a shadow memory, and kernels need no
// wrappers of pointers. A launch ends with an EmulatorError (fault.h) at the first
//   - access to shared or global memory that no barrier orders after another thread's, one of them
//     a write, or that another block of the launch touches; within a warp __syncwarp orders, while
//     shuffles, votes and mma do not, as on a device;
//   - access outside of shared variables, registered buffers (device_buffer.h), the thread's stack,
//     its arguments and the program's constants, or at an address that its size does not divide;
//   - barrier or warp operation that not all threads reach which must;
//   - use of what cp.async still fills.
// Shared memory starts as NaN. Blocks, warps and lanes run in an order drawn from a seed.
// Not modelled: speed, clusters, launches side by side, memory fences between blocks, and named
// barriers. Floating-point contractions are the host compiler's.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "kernels/core/cuda_emulator/block.h"
#include "kernels/core/cuda_stream.h"
#include "kernels/core/launch_shape.h"

namespace kernels::cuda_emulator {

/// From here on launches run in an order drawn from `seed`: the same seed, the same order.
void seed_schedule(uint64_t seed);

/// Threads that all launches so far have run; so that a test can say that something ran.
uint64_t threads_run();

/// Runs all blocks. Throws EmulatorError.
void run_grid(const KernelCall& call, const LaunchShape& shape);

/// "kernels::f<T>" of a __PRETTY_FUNCTION__ that ends in "[with auto kKernel = kernels::f<T>;
/// ...]".
std::string_view kernel_name(std::string_view pretty_function);

}  // namespace kernels::cuda_emulator

namespace kernels {

/// Runs kKernel(args...) to its end.
template <auto kKernel, class... Args>
void launch(const LaunchShape& shape, CudaStream /*stream*/, const Args&... args) {
  const auto call = [args...] { kKernel(args...); };
  const auto run = [](const void* arguments) {
    (*static_cast<const decltype(call)*>(arguments))();
  };
  cuda_emulator::run_grid(
      {cuda_emulator::kernel_name(__PRETTY_FUNCTION__), run, &call, sizeof(call)}, shape);
}

inline void zero_async(void* memory, size_t bytes, CudaStream /*stream*/) {
  std::memset(memory, 0, bytes);
}

inline bool device_has_mma() {
  return true;
}

}  // namespace kernels
