#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/device_memory.h"

namespace kernels {

/// A copy from one buffer of the current device to another, `bytes` read and written, half of them
/// each, rounded up to 16: the device's limit for an operator that must move as many.
class DeviceCopy {
 public:
  /// Tries both ways to copy, cudaMemcpyAsync and a kernel of our own, one run behind the other
  /// until the clocks have settled. Throws CudaError.
  DeviceCopy(int64_t bytes, CudaStream stream);

  /// Queues a copy in the way that proved faster for this size.
  void run(CudaStream stream) const { copy_by(best_, stream); }
  /// Read and written, in the best of the runs that the choice was made with.
  double bytes_per_second() const { return rate_; }

 private:
  enum class Method { kRuntime, kKernel };

  void copy_by(Method method, CudaStream stream) const;

  int64_t bytes_;  ///< of a buffer
  DeviceMemory source_;
  DeviceMemory destination_;
  Method best_ = Method::kRuntime;
  double rate_ = 0;
};

}  // namespace kernels
