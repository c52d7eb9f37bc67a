#pragma once

#include <optional>

#include "kernels/core/cuda_stream.h"

namespace kernels {

/// What the current CUDA device reaches at best: the ceilings that operators are compared with.
struct DevicePeak {
  double fp32_flops_per_second = 0;             ///< multiply-adds of float, no tensor cores
  std::optional<double> fp16_flops_per_second;  ///< matrix products with sums in float
  std::optional<double> bf16_flops_per_second;  ///< the same; none below sm_80
  double copy_bytes_per_second = 0;             ///< read and written, of buffers no cache holds
};

/// Measures on `stream`; takes about a second and 1 GiB of the device's memory. Throws
/// std::runtime_error with CUDA's error.
DevicePeak measure_device_peak(CudaStream stream);

}  // namespace kernels
