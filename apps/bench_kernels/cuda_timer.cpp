#include "apps/bench_kernels/cuda_timer.h"

#include <algorithm>
#include <chrono>

#include <cuda_runtime_api.h>

#include "kernels/core/cuda_error.h"

namespace apps {
namespace {

using kernels::check_cuda;

constexpr int64_t kMostRuns = 32;

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
      flushed_(cache_bytes_),
      begins_(kMostRuns),
      ends_(kMostRuns) {}

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

int64_t CudaTimer::batch(double host_seconds) {
  // Some 500 launches, half of what a device's queue takes before the host has to wait.
  constexpr double kQueueSeconds = 2e-3;
  const double runs = kQueueSeconds / std::max(host_seconds, 1e-9);
  return static_cast<int64_t>(std::clamp(runs, 1.0, static_cast<double>(kMostRuns)));
}

void CudaTimer::flush() const {
  if (cache_ == Cache::kHot) return;
  check_cuda(cudaMemsetAsync(flushed_.get(), 0, static_cast<size_t>(cache_bytes_), stream_),
             "write a device's cache full");
}

std::vector<double> CudaTimer::seconds(int64_t count, double host_seconds,
                                       const std::function<void()>& run) {
  // Longer than the host was the last time: it queues events and flushes besides.
  constexpr double kMargin = 1.5;
  constexpr double kHostSecondsOfEvents = 2e-5;
  const double host = static_cast<double>(count) * (host_seconds + kHostSecondsOfEvents);
  busy_.run(static_cast<int64_t>(kMargin * host * fp32_rate_), stream_);
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
