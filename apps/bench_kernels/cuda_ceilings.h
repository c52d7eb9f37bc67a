#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "apps/bench_kernels/ceilings.h"
#include "apps/bench_kernels/cuda_timer.h"
#include "kernels/core/device_copy.h"
#include "kernels/core/device_multiply_adds.h"
#include "kernels/core/device_peak.h"
#include "kernels/core/device_product.h"

namespace apps {

/// Of a CUDA device: copies of as many bytes, with the cache as the timer has it; for fp32 FLOPs in
/// registers, for 16 bits those of a large product, which come in that product's size alone.
class CudaCeilings final : public Ceilings {
 public:
  /// `timer` must outlive this.
  CudaCeilings(const kernels::DevicePeak& peak, CudaTimer& timer) : peak_(peak), timer_(timer) {}

  double flops_per_second(at::ScalarType dtype) const override;

 private:
  double copied_bytes_per_second(int64_t bytes) override;
  Work products(int64_t flops, at::ScalarType dtype) override;
  Work copies(int64_t bytes) override;
  const kernels::DeviceProduct& product(at::ScalarType dtype);
  void hold_copy(int64_t bytes);

  kernels::DevicePeak peak_;
  CudaTimer& timer_;
  kernels::DeviceMultiplyAdds multiply_adds_;
  std::map<at::ScalarType, kernels::DeviceProduct> products_;
  std::map<int64_t, double> copy_rates_;     ///< by bytes
  std::optional<kernels::DeviceCopy> copy_;  ///< the last one: they are large
  int64_t copied_bytes_ = -1;
};

}  // namespace apps
