#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/parameter.h"

namespace train {

/// Of torch.nn.utils.clip_grad_norm_.
inline constexpr double kClippingEpsilon = 1e-6;

/// The L2 norm of all gradients together, summed in fp32 (fp64 for fp64), as a 0-dimensional tensor
/// on their device; undefined where no parameter has one. bf16 and fp16 gradients are widened
/// `widened_elements` at a time.
at::Tensor gradient_norm(const std::vector<model::Parameter>& parameters, int64_t widened_elements);

/// What gradients of that norm are divided by: max(1, (norm + 1e-6) / max_norm), NaN where the norm
/// is. As torch.nn.utils.clip_grad_norm_, without a host sync: norm and divisor are tensors.
at::Tensor clipping_divisor(const at::Tensor& norm, double max_norm);

/// Divide all gradients in place by the clipping_divisor() of their gradient_norm(). Returns the
/// norm before clipping; undefined where no parameter has a gradient.
at::Tensor clip_gradient_norm(const std::vector<model::Parameter>& parameters, double max_norm,
                              int64_t widened_elements);

}  // namespace train
