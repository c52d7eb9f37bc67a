#include "apps/bench_kernels/cuda_bench_device.h"

#include <numeric>

#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "apps/bench_kernels/run_queue.h"
#include "kernels/core/cuda_error.h"

namespace apps {
namespace {

using kernels::check_cuda;

/// 13000 as CUDA writes it: "13.0".
std::string version_text(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

kernels::CudaStream current_stream() {
  return c10::cuda::getCurrentCUDAStream(0).stream();
}

std::string rate_text(double flops_per_second, const char* of) {
  return fmt::format("{:.1f} GFLOP/s ({})", flops_per_second / 1e9, of);
}

}  // namespace

CudaBenchDevice::CudaBenchDevice(Cache cache)
    : cache_(cache),
      peak_(kernels::measure_device_peak(current_stream())),
      timer_(cache, peak_.fp32_flops_per_second, current_stream()),
      ceilings_(peak_, timer_) {}

std::vector<at::ScalarType> CudaBenchDevice::precisions() const {
  std::vector<at::ScalarType> all = {at::kFloat};
  if (peak_.fp16_flops_per_second) all.push_back(at::kHalf);
  if (peak_.bf16_flops_per_second) all.push_back(at::kBFloat16);
  return all;
}

double CudaBenchDevice::time(benchmark::State& state, const std::function<void()>& run) {
  const double host_seconds = timer_.host_seconds(run);
  const int64_t batch = queued_runs(host_seconds);
  double total = 0;
  while (state.KeepRunningBatch(batch)) {
    const std::vector<double> seconds = timer_.seconds(batch, host_seconds, run);
    const double sum = std::accumulate(seconds.begin(), seconds.end(), 0.0);
    state.SetIterationTime(sum);  // which adds up
    total += sum;
  }
  return total / static_cast<double>(state.iterations());
}

std::vector<std::pair<std::string, std::string>> CudaBenchDevice::context() const {
  cudaDeviceProp device = {};
  check_cuda(cudaGetDeviceProperties(&device, 0), "ask what a device is");
  int driver = 0;
  check_cuda(cudaDriverGetVersion(&driver), "ask for the driver's version");
  int runtime = 0;
  check_cuda(cudaRuntimeGetVersion(&runtime), "ask for CUDA's version");
  constexpr const char* kProduct = "a product of 8192 x 8192 by cuBLASLt";
  std::vector<std::pair<std::string, std::string>> lines = {
      {"gpu", fmt::format("{}, compute capability {}.{}, {} multiprocessors", device.name,
                          device.major, device.minor, device.multiProcessorCount)},
      {"driver", version_text(driver)},
      {"cuda", version_text(runtime)},
      {"l2_flush", cache_ == Cache::kFlushed ? "yes" : "no"},
      {"l2_bytes", std::to_string(timer_.cache_bytes())},
      {"peak_fp32", rate_text(peak_.fp32_flops_per_second, "multiply-adds in registers")}};
  for (const auto& [name, rate] : {std::pair("peak_fp16", peak_.fp16_flops_per_second),
                                   std::pair("peak_bf16", peak_.bf16_flops_per_second)}) {
    lines.emplace_back(name, rate ? rate_text(*rate, kProduct)
                                  : "none: the device has no such products, and no such lines");
  }
  lines.emplace_back("copy_in_memory", fmt::format("{:.1f} GB/s read and written",
                                                   peak_.copy_bytes_per_second / 1e9));
  return lines;
}

}  // namespace apps
