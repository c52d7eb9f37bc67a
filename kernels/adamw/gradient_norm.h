#pragma once

#include <span>

#include "kernels/adamw/adamw.h"

namespace kernels {

/// The square root of the sum of squares of all gradients, which are read once. Summed in double,
/// so that nothing finite overflows; through a fixed number of blocks, so that the bits do not
/// depend on the number of threads. T: float or bfloat16.
template <class T>
double gradient_norm(std::span<const AdamWTensor<T>> tensors);

/// What gradients are multiplied with so that their norm becomes at most `max_norm`:
/// min(1, max_norm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_ has it. 0 for an infinite
/// norm and NaN for NaN, so that a gradient that is not finite spoils the step, as it does there.
double clip_coefficient(double norm, double max_norm);

/// The same on a device, where nothing is waited for: the norm, and the coefficient that clips it
/// to `max_norm`, for AdamW::device_scale. The order of additions follows from the list alone. T:
/// float, float16 or bfloat16.
template <class T>
struct DeviceGradientNorm {
  double* norm;        ///< in the device's memory
  float* coefficient;  ///< in the device's memory
  double* sums;        ///< workspace in the device's memory, kDeviceNormSums numbers
  std::span<const AdamWTensor<T>> tensors;  ///< the list lies in the host's memory
  double max_norm;
};
inline constexpr int kDeviceNormSums = 512;

template <class T>
void gradient_norm(const DeviceGradientNorm<T>& args, CudaStream stream);

}  // namespace kernels
