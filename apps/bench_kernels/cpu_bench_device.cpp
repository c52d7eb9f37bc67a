#include "apps/bench_kernels/cpu_bench_device.h"

#include <chrono>

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "kernels/core/simd_level.h"
#include "worker/memory/cpu_allocator.h"

namespace apps {

CpuBenchDevice::CpuBenchDevice() : ceilings_(at::get_num_threads()) {
  worker::CpuAllocator::instance();
}

double CpuBenchDevice::time(benchmark::State& state, const std::function<void()>& run) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  for (auto _ : state) run();
  const std::chrono::duration<double> elapsed = Clock::now() - start;
  return elapsed.count() / static_cast<double>(state.iterations());
}

std::vector<std::pair<std::string, std::string>> CpuBenchDevice::context() const {
  std::vector<std::pair<std::string, std::string>> lines = {
      {"kernel_simd", kernels::active_simd_level().name}};
  for (const at::ScalarType dtype : precisions()) {
    lines.emplace_back(dtype == at::kFloat ? "peak_fp32" : "peak_bf16",
                       fmt::format("{:.1f} GFLOP/s ({})", ceilings_.flops_per_second(dtype) / 1e9,
                                   ceilings_.instruction(dtype)));
  }
  lines.emplace_back("copy_in_memory", fmt::format("{:.1f} GB/s read and written",
                                                   ceilings_.memory_bytes_per_second() / 1e9));
  return lines;
}

}  // namespace apps
