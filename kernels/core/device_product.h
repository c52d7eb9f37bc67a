#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "kernels/core/cuda_stream.h"

namespace kernels {

/// A product of square matrices on the current device by cuBLASLt, both operands along the sums,
/// which are in float: what tensor cores reach at best. Values are random.
class DeviceProduct {
 public:
  /// Of [size, size] matrices of T, float16 or bfloat16, by the fastest of the algorithms that the
  /// library proposes, each tried. None where the device has no such products. Throws CudaError,
  /// and std::runtime_error with the library's status.
  template <class T>
  static std::optional<DeviceProduct> make(int64_t size, CudaStream stream);

  void run(CudaStream stream) const;
  int64_t flops() const;
  /// The best of several runs, after the clocks have settled.
  double flops_per_second(CudaStream stream) const;

 private:
  class Plan;
  explicit DeviceProduct(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)) {}

  std::shared_ptr<const Plan> plan_;
};

/// Large enough that the start and the end of a product do not count, small enough for any card.
inline constexpr int64_t kPeakProductSize = 8192;

}  // namespace kernels
