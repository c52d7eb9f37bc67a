#pragma once

#include "apps/bench_kernels/bench_device.h"
#include "apps/bench_kernels/cuda_ceilings.h"
#include "apps/bench_kernels/cuda_timer.h"
#include "kernels/core/device_peak.h"

namespace apps {

/// The first CUDA device that this process sees, on LibTorch's current stream.
class CudaBenchDevice final : public BenchDevice {
 public:
  /// Measures the ceilings. Throws std::runtime_error of CUDA's errors.
  explicit CudaBenchDevice(Cache cache);

  at::Device torch_device() const override { return {at::kCUDA, 0}; }
  std::vector<at::ScalarType> precisions() const override;
  Ceilings& ceilings() override { return ceilings_; }
  void prepare(benchmark::internal::Benchmark& line) const override { line.UseManualTime(); }
  double time(benchmark::State& state, const std::function<void()>& run) override;
  std::vector<std::pair<std::string, std::string>> context() const override;

 private:
  Cache cache_;
  kernels::DevicePeak peak_;
  CudaTimer timer_;
  CudaCeilings ceilings_;
};

}  // namespace apps
