#pragma once

#include <memory>

#include <cuda_runtime_api.h>

#include "kernels/core/cuda_error.h"
#include "kernels/core/cuda_stream.h"

namespace kernels {

/// A moment of a stream, by the device's clock. Everything throws CudaError of CUDA's errors, of
/// kernels before it, too.
class DeviceEvent {
 public:
  DeviceEvent() {
    cudaEvent_t event = nullptr;
    check_cuda(cudaEventCreate(&event), "make an event");
    event_.reset(event);
  }

  void record(CudaStream stream) {
    check_cuda(cudaEventRecord(event_.get(), stream), "record an event");
  }
  /// Until what was queued before it is done.
  void wait() const { check_cuda(cudaEventSynchronize(event_.get()), "wait for a device"); }

  /// From `begin` to this, both of them done.
  double seconds_since(const DeviceEvent& begin) const {
    constexpr double kSecondsAMillisecond = 1e-3;
    float milliseconds = 0;
    check_cuda(cudaEventElapsedTime(&milliseconds, begin.event_.get(), event_.get()),
               "take the time of a device");
    return double{milliseconds} * kSecondsAMillisecond;
  }

 private:
  struct Destroy {
    void operator()(cudaEvent_t event) const { cudaEventDestroy(event); }
  };
  std::unique_ptr<CUevent_st, Destroy> event_;
};

/// Seconds of what run() queues on `stream`.
template <class Run>
double device_seconds(CudaStream stream, const Run& run) {
  DeviceEvent begin;
  DeviceEvent end;
  begin.record(stream);
  run();
  end.record(stream);
  end.wait();
  return end.seconds_since(begin);
}

}  // namespace kernels
