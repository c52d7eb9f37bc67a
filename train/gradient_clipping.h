#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "model/parameter.h"

namespace train {

/// Scale all gradients in place by min(1, max_norm / (norm + 1e-6)), norm being the L2 norm of all
/// of them together, summed in fp32 (fp64 for fp64). As torch.nn.utils.clip_grad_norm_, without a
/// host sync: norm and coefficient stay tensors. bf16 and fp16 gradients are widened
/// `widened_elements` at a time. Returns the norm before clipping; undefined where no parameter has
/// a gradient.
at::Tensor clip_gradient_norm(const std::vector<model::Parameter>& parameters, double max_norm,
                              int64_t widened_elements);

}  // namespace train
