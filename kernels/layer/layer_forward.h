#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/layer/layer_call.h"
#include "kernels/layer/layer_weights.h"
#include "kernels/layer/saved_tensors.h"

namespace kernels {

/// The encoder layer's output [rows, hidden] from `hidden` [rows, hidden], contiguous. With `keep`
/// fills `saved` with what layer_backward needs (but `hidden` and
/// the output themselves); without, buffers are freed
/// or overwritten as soon as nothing reads them.
at::Tensor layer_forward(const LayerCall& call, const LayerWeights& weights,
                         const at::Tensor& hidden, bool keep, SavedTensors& saved);

}  // namespace kernels
