#pragma once

// launch<kernel>(shape, stream, arguments...) queues a kernel; zero_async(...) queues filling
// memory with 0. Of an error of CUDA's they throw CudaError. Under the emulator both are done at
// once. device_has_mma(): whether the current device runs what is compiled with BENCH_HAS_MMA.

#include "kernels/core/cuda_stream.h"
#include "kernels/core/launch_shape.h"

#if defined(__CUDACC__)

#include <cuda_runtime.h>

#include "kernels/core/cuda_error.h"

namespace kernels {

template <auto kKernel, class... Args>
void launch(const LaunchShape& shape, CudaStream stream, const Args&... args) {
  constexpr size_t kSharedWithoutAsking = 48 * 1024;
  if (shape.shared_bytes > kSharedWithoutAsking) {
    check_cuda(cudaFuncSetAttribute(kKernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                    static_cast<int>(shape.shared_bytes)),
               "reserve shared memory for a kernel");
  }
  kKernel<<<dim3(shape.grid.x, shape.grid.y, shape.grid.z),
            dim3(shape.block.x, shape.block.y, shape.block.z), shape.shared_bytes, stream>>>(
      args...);
  check_cuda(cudaGetLastError(), "launch a kernel");
}

inline void zero_async(void* memory, size_t bytes, CudaStream stream) {
  check_cuda(cudaMemsetAsync(memory, 0, bytes, stream), "fill memory with 0");
}

inline bool device_has_mma() {
  int device = 0;
  int major = 0;
  check_cuda(cudaGetDevice(&device), "find the current device");
  check_cuda(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device),
             "ask for a device's architecture");
  return major >= 8;
}

}  // namespace kernels

#else
#include "kernels/core/cuda_emulator/launch.h"
#endif
