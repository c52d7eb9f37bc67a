#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "apps/bench_kernels/ceilings.h"
#include "kernels/core/machine_peak.h"
#include "kernels/core/memory_copy.h"
#include "kernels/core/peak_loop.h"

namespace apps {

/// Of this machine's processors: copies of as many bytes, FLOPs in registers.
class CpuCeilings final : public Ceilings {
 public:
  explicit CpuCeilings(int threads);

  /// fp32's where the processor has no bf16 products.
  double flops_per_second(at::ScalarType dtype) const override;
  const char* instruction(at::ScalarType dtype) const { return loop(dtype).instruction(); }
  /// Of buffers that no cache holds.
  double memory_bytes_per_second() const { return peak_.copy_bytes_per_second; }

 private:
  double copied_bytes_per_second(int64_t bytes) override;
  Work products(int64_t flops, at::ScalarType dtype) override;
  Work copies(int64_t bytes) override;
  const kernels::PeakLoop& loop(at::ScalarType dtype) const {
    return dtype == at::kBFloat16 && bf16_loop_ ? *bf16_loop_ : fp32_loop_;
  }
  /// Makes `copy_` one of `bytes`, and notes its rate where this is the first.
  void hold_copy(int64_t bytes);

  int threads_;
  kernels::MachinePeak peak_;
  kernels::PeakLoop fp32_loop_ = kernels::PeakLoop::fp32();
  std::optional<kernels::PeakLoop> bf16_loop_ = kernels::PeakLoop::bf16();
  std::map<int64_t, double> copy_rates_;     ///< by bytes
  std::optional<kernels::MemoryCopy> copy_;  ///< the last one: they are large
  int64_t copied_bytes_ = -1;
};

}  // namespace apps
