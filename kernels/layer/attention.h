#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/layer/layer_call.h"
#include "kernels/layer/saved_tensors.h"

namespace kernels {

/// What the backward pass of self-attention takes besides the gradient of its output. Attention is
/// what lies between the packed QKV product and the merged heads ("context").
struct AttentionBackward {
  const LayerCall& call;
  SavedTensors& saved;
  const SavedMemory& memory;
  const at::Tensor& bias;    ///< [3 hidden], of the packed QKV product
  const at::Tensor& d_bias;  ///< [3 hidden], written
  float* partials;           ///< column_partials_size(3 * hidden)
};

}  // namespace kernels
