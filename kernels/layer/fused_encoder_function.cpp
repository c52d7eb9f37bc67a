#include "kernels/layer/fused_encoder_function.h"

#include <algorithm>
#include <utility>

#include <ATen/ops/_unsafe_view.h>
#include <torch/csrc/autograd/graph_task.h>

#include "kernels/layer/layer_backward.h"
#include "kernels/layer/layer_forward.h"

namespace kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// What backward needs besides the saved variables (the weights, then the input).
struct FunctionState : torch::CustomClassHolder {
  LayerCall call;
  c10::intrusive_ptr<SavedTensors> saved;
  uint32_t output_version = 0;  ///< of saved->output when it was saved
};

constexpr const char* kStateKey = "state";

FunctionState* state_of(AutogradContext& context) {
  const auto found = context.saved_data.find(kStateKey);
  if (found == context.saved_data.end()) return nullptr;
  return static_cast<FunctionState*>(found->second.toCapsule().get());
}

bool backward_reads_input(const LayerCall& call) {
  return !(call.pre_layer_norm && call.flags.normalize_invertible);
}

bool backward_reads_output(const LayerCall& call) {
  return !call.pre_layer_norm && call.flags.normalize_invertible;
}

void check_output_unchanged(const FunctionState& state) {
  const at::Tensor& output = state.saved->output;
  TORCH_CHECK(!output.defined() || output._version() == state.output_version,
              "the fused encoder layer's output was modified in place, but normalize_invertible "
              "needs it in backward: modify a copy");
}

}  // namespace

at::Tensor FusedEncoderFunction::forward(AutogradContext* context, const at::Tensor& hidden,
                                         at::TensorList weights, const LayerCall& call, bool keep) {
  auto state = c10::make_intrusive<FunctionState>();
  state->call = call;
  state->saved = c10::make_intrusive<SavedTensors>();
  const at::Tensor rows = hidden.contiguous().view({call.rows(), call.hidden()});
  const at::Tensor output = at::_unsafe_view(
      layer_forward(call, LayerWeights::from(weights.data()), rows, keep, *state->saved),
      hidden.sizes());
  if (keep && backward_reads_output(call)) {
    // Detached, because the output itself will own this state.
    state->saved->output = output.detach();
    state->output_version = output._version();
  }
  if (keep) {
    variable_list variables(weights.begin(), weights.end());
    if (backward_reads_input(call)) {
      variables.push_back(hidden.is_contiguous() ? hidden : rows);
    }
    context->save_for_backward(std::move(variables));
    context->saved_data[kStateKey] = at::IValue::make_capsule(std::move(state));
    context->set_materialize_grads(false);
  }
  return output;
}

variable_list FusedEncoderFunction::backward(AutogradContext* context, variable_list& gradients) {
  TORCH_CHECK(!at::GradMode::is_enabled(),
              "the fused encoder layer has no second derivative: call backward without "
              "create_graph, or use another implementation");
  at::Tensor d_output = std::move(gradients.at(0));
  variable_list results(1 + LayerWeights::kCount + 2);
  if (!d_output.defined()) return results;

  const variable_list variables = context->get_saved_variables();
  const auto sizes = d_output.sizes().vec();
  const FunctionState& state = *state_of(*context);
  check_output_unchanged(state);
  const LayerCall call = state.call;
  const c10::intrusive_ptr<SavedTensors> saved = state.saved;
  const bool consume = !torch::autograd::get_current_graph_task_keep_graph();
  if (consume) context->saved_data.erase(kStateKey);

  const at::Tensor hidden = variables.size() > LayerWeights::kCount
                                ? variables.back().view({call.rows(), call.hidden()})
                                : at::Tensor();
  d_output = d_output.contiguous().view({call.rows(), call.hidden()});
  LayerGradients layer = layer_backward({.call = call,
                                         .weights = LayerWeights::from(variables.data()),
                                         .hidden = hidden,
                                         .needs_hidden_gradient = context->needs_input_grad(0),
                                         .consume = consume},
                                        *saved, std::move(d_output));
  if (layer.hidden.defined()) results[0] = layer.hidden.view(sizes);
  const auto weight_gradients = layer.weights.tensors();
  std::copy(weight_gradients.begin(), weight_gradients.end(), results.begin() + 1);
  return results;
}

at::Tensor fused_encoder(const LayerCall& call, const LayerWeights& weights,
                         const at::Tensor& hidden) {
  const auto tensors = weights.tensors();
  const at::TensorList list(tensors);
  const bool requires_grad =
      hidden.requires_grad() ||
      std::any_of(tensors.begin(), tensors.end(), [](const auto& t) { return t.requires_grad(); });
  const bool keep = at::GradMode::is_enabled() && requires_grad;
  return FusedEncoderFunction::apply(hidden, list, call, keep);
}

std::vector<at::Tensor> saved_for_backward(const at::Tensor& output) {
  auto* node =
      dynamic_cast<torch::autograd::CppNode<FusedEncoderFunction>*>(output.grad_fn().get());
  if (node == nullptr) return {};
  const FunctionState* state = state_of(node->ctx_);
  if (state == nullptr) return {};
  std::vector<at::Tensor> tensors = state->saved->tensors();
  const variable_list variables = node->ctx_.get_saved_variables();
  tensors.insert(tensors.end(), variables.begin() + LayerWeights::kCount, variables.end());
  return tensors;
}

}  // namespace kernels
