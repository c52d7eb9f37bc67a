#pragma once

#include "apps/bench_kernels/bench_device.h"
#include "apps/bench_kernels/cpu_ceilings.h"

namespace apps {

/// The CPU, by its monotonic clock, whatever the caches hold.
class CpuBenchDevice final : public BenchDevice {
 public:
  /// Measures the ceilings with as many threads as LibTorch has.
  CpuBenchDevice();

  at::Device torch_device() const override { return at::kCPU; }
  std::vector<at::ScalarType> precisions() const override { return {at::kFloat, at::kBFloat16}; }
  Ceilings& ceilings() override { return ceilings_; }
  void prepare(benchmark::internal::Benchmark& line) const override { line.UseRealTime(); }
  double time(benchmark::State& state, const std::function<void()>& run) override;
  std::vector<std::pair<std::string, std::string>> context() const override;

 private:
  CpuCeilings ceilings_;
};

}  // namespace apps
