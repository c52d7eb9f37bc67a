#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/device_event.h"
#include "kernels/core/device_memory.h"
#include "kernels/core/device_multiply_adds.h"

namespace apps {

/// What the second-level cache holds when a run begins.
enum class Cache {
  kFlushed,  ///< nothing of the run's: memory larger than the cache has just been written
  kHot,      ///< what the run before left
};

/// Times runs on the current device by CUDA's events around them. Runs are queued one behind the
/// other; while the host queues them the device is kept busy, so that what counts does not wait for
/// the host, unless a run is more launches than a device's queue takes.
class CudaTimer {
 public:
  /// `fp32_rate`: of DeviceMultiplyAdds, which keep the device busy. Throws CudaError.
  CudaTimer(Cache cache, double fp32_rate, kernels::CudaStream stream);

  int64_t cache_bytes() const { return cache_bytes_; }
  kernels::CudaStream stream() const { return stream_; }

  /// Runs twice untimed, so that code is loaded and memory there; the host's seconds for queueing
  /// a run.
  double host_seconds(const std::function<void()>& run) const;
  /// The device's seconds of each of `count` runs, kMostQueuedRuns at most. Waits for them.
  std::vector<double> seconds(int64_t count, double host_seconds, const std::function<void()>& run);

 private:
  void flush() const;

  Cache cache_;
  double fp32_rate_;
  kernels::CudaStream stream_;
  int64_t cache_bytes_;
  int64_t flushed_bytes_;
  kernels::DeviceMemory flushed_;
  kernels::DeviceMultiplyAdds busy_;
  std::vector<kernels::DeviceEvent> begins_;
  std::vector<kernels::DeviceEvent> ends_;
};

}  // namespace apps
