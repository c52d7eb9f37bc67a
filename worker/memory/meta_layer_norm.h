#pragma once

#include <array>
#include <optional>
#include <tuple>

#include <ATen/core/Tensor.h>

namespace worker {

using ThreeTensors = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

/// aten::native_layer_norm on meta: output, mean and 1/standard deviation. On the CPU the
/// statistics have the input's dtype (fp32 where the parameters are fp32 and the input is not), on
/// CUDA they are fp32 at least.
ThreeTensors meta_layer_norm(const at::Tensor& input, at::IntArrayRef normalized_shape,
                             const std::optional<at::Tensor>& weight,
                             const std::optional<at::Tensor>& bias, double eps);

/// aten::native_layer_norm_backward on meta. The CPU's kernel sums the parameters' gradients by
/// thread, in a buffer [2, threads, columns] of the input's dtype.
ThreeTensors meta_layer_norm_backward(const at::Tensor& d_output, const at::Tensor& input,
                                      at::IntArrayRef normalized_shape, const at::Tensor& mean,
                                      const at::Tensor& rstd,
                                      const std::optional<at::Tensor>& weight,
                                      const std::optional<at::Tensor>& bias,
                                      std::array<bool, 3> output_mask);

}  // namespace worker
