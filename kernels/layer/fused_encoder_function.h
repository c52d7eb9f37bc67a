#pragma once

#include <vector>

#include <torch/csrc/autograd/custom_function.h>

#include "kernels/layer/layer_call.h"
#include "kernels/layer/layer_weights.h"
#include "kernels/layer/saved_tensors.h"

namespace kernels {

/// The encoder layer as one autograd function. Backward frees and overwrites what forward saved
/// unless the graph is retained; it has no derivative of its own.
class FusedEncoderFunction : public torch::autograd::Function<FusedEncoderFunction> {
 public:
  /// `weights`: LayerWeights in their order. `keep`: a backward may follow.
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& hidden,
                            at::TensorList weights, const LayerCall& call, bool keep);
  /// Takes the gradient out of `gradients`, so that its memory can be used again.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list& gradients);
};

/// The layer's output for `hidden` [batch, sequence, hidden], or [rows, hidden] packed;
/// differentiable.
at::Tensor fused_encoder(const LayerCall& call, const LayerWeights& weights,
                         const at::Tensor& hidden);

/// What the forward that made `output` saved for its backward: the intermediates, and the layer's
/// input where backward reads it. Empty without gradients, and once backward has consumed them.
std::vector<at::Tensor> saved_for_backward(const at::Tensor& output);

}  // namespace kernels
