#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/layer/layer_call.h"
#include "kernels/layer/layer_weights.h"
#include "kernels/layer/saved_tensors.h"

namespace kernels {

struct LayerGradients {
  at::Tensor hidden;  ///< [rows, hidden]; undefined unless asked for
  LayerWeights weights;
};

struct LayerBackwardInputs {
  const LayerCall& call;
  const LayerWeights& weights;
  const at::Tensor& hidden;  ///< the layer's input [rows, hidden]; undefined in Pre-LN with NI
  bool needs_hidden_gradient;
  bool consume;  ///< nobody needs `saved` again: its buffers are freed and written over
};

/// Gradients of layer_forward at `d_output` [rows, hidden], contiguous; it is freed once used.
LayerGradients layer_backward(const LayerBackwardInputs& inputs, SavedTensors& saved,
                              at::Tensor d_output);

}  // namespace kernels
