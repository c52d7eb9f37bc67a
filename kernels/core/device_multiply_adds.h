#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/device_memory.h"

namespace kernels {

/// Multiply-adds of float in registers, on every multiprocessor of the current device.
class DeviceMultiplyAdds {
 public:
  /// Throws CudaError.
  DeviceMultiplyAdds();

  /// Queues at least `flops`; at most a round of every thread more.
  void run(int64_t flops, CudaStream stream) const;
  /// Of run(flops).
  int64_t flops_of_run(int64_t flops) const;
  /// The best of several short runs, after the clocks have settled.
  double flops_per_second(CudaStream stream) const;

 private:
  int64_t rounds(int64_t flops) const;

  uint32_t blocks_;
  DeviceMemory sums_;
};

}  // namespace kernels
