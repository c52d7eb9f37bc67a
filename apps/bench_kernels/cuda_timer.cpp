#include "apps/bench_kernels/cuda_timer.h"

#include <algorithm>
#include <chrono>

#include <cuda_runtime_api.h>

#include "apps/bench_kernels/run_queue.h"
#include "kernels/core/cuda_error.h"

namespace apps {
namespace {

using kernels::check_cuda;

/// As often as the cache holds it is written: caches do not replace the oldest line strictly, and
/// large ones are of two halves that may each keep a copy, so one cache's worth leaves some of a
/// run's lines behind.
constexpr int64_t kCachesWritten = 2;

int64_t l2_bytes() {
  int device = 0;
  int bytes = 0;
  check_cuda(cudaGetDevice(&device), "find the current device");
  check_cuda(cudaDeviceGetAttribute(&bytes, cudaDevAttrL2CacheSize, device),
             "ask for a device's cache");
  return std::max(bytes, 1);
}

}  // namespace

CudaTimer::CudaTimer(Cache cache, double fp32_rate, kernels::CudaStream stream)
    : cache_(cache),
      fp32_rate_(fp32_rate),
      stream_(stream),
      cache_bytes_(l2_bytes()),
      flushed_bytes_(kCachesWritten * cache_bytes_),
      flushed_(flushed_bytes_),
      begins_(kMostQueuedRuns),
      ends_(kMostQueuedRuns) {}

double CudaTimer::host_seconds(const std::function<void()>& run) const {
  using Clock = std::chrono::steady_clock;
  run();
  check_cuda(cudaStreamSynchronize(stream_), "wait for a device");
  const auto start = Clock::now();
  run();
  const std::chrono::duration<double> elapsed = Clock::now() - start;
  check_cuda(cudaStreamSynchronize(stream_), "wait for a device");
  return elapsed.count();
}

void CudaTimer::flush() const {
  if (cache_ == Cache::kHot) return;
  check_cuda(cudaMemsetAsync(flushed_.get(), 0, static_cast<size_t>(flushed_bytes_), stream_),
             "write a device's cache full");
}

std::vector<double> CudaTimer::seconds(int64_t count, double host_seconds,
                                       const std::function<void()>& run) {
  busy_.run(static_cast<int64_t>(head_start_seconds(count, host_seconds) * fp32_rate_), stream_);
  for (int64_t i = 0; i < count; ++i) {
    flush();
    begins_.at(static_cast<size_t>(i)).record(stream_);
    run();
    ends_.at(static_cast<size_t>(i)).record(stream_);
  }
  ends_.at(static_cast<size_t>(count - 1)).wait();
  std::vector<double> result;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    result.push_back(ends_[i].seconds_since(begins_[i]));
  }
  return result;
}

}  // namespace apps
