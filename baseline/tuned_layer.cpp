#include "baseline/tuned_layer.h"

#include <cmath>
#include <tuple>

#include "model/meta_device.h"

namespace baseline {
namespace {

/// On a CPU with AVX-512 but no AMX, LibTorch's CPU flash attention is faster than materialized
/// scores in fp32 and slower in bf16; with dropout it does not exist: LibTorch's dispatcher
/// composes attention from operators as attention_probabilities() does.
bool use_flash_attention_on_cpu(const AttentionInputs& inputs) {
  return inputs.p <= 0 && inputs.query.scalar_type() == at::kFloat;
}

/// CUDA's kernels drop elements by LibTorch's generator alone, and load 16 bytes of a head at once.
bool use_fused_attention_on_cuda(const AttentionInputs& inputs) {
  constexpr int64_t kLoadBytes = 16;
  const at::Tensor& query = inputs.query;
  return (inputs.p <= 0 || inputs.dropout.draws_as_libtorch()) &&
         query.scalar_type() != at::kDouble &&
         query.size(3) * query.element_size() % kLoadBytes == 0;
}

bool use_fused_attention(const AttentionInputs& inputs) {
  return model::is_for_cuda(inputs.query.device()) ? use_fused_attention_on_cuda(inputs)
                                                   : use_flash_attention_on_cpu(inputs);
}

/// LibTorch's attention without scores in memory. On CUDA the dispatcher chooses the kernel; plans
/// take the memory-efficient one, the only one for a mask that every device has.
at::Tensor fused_attention(const AttentionInputs& inputs) {
  const at::Tensor& mask = inputs.layout.additive_mask;
  if (!model::is_for_cuda(inputs.query.device())) {
    return std::get<0>(at::_scaled_dot_product_flash_attention_for_cpu(
        inputs.query, inputs.key, inputs.value, /*dropout_p=*/0.0, /*is_causal=*/false, mask));
  }
  if (inputs.query.is_meta()) {
    return std::get<0>(at::_scaled_dot_product_efficient_attention(
        inputs.query, inputs.key, inputs.value, mask,
        /*compute_log_sumexp=*/inputs.query.requires_grad(), inputs.p));
  }
  return at::scaled_dot_product_attention(inputs.query, inputs.key, inputs.value, mask, inputs.p);
}

/// softmax(scale * Q K^T + mask), [batch, heads, sequence, sequence]. Scale and mask go into the
/// product, which saves a pass over Q and one over the scores.
at::Tensor attention_probabilities(const AttentionInputs& inputs) {
  const int64_t batch = inputs.query.size(0);
  const int64_t count = inputs.query.size(1);
  const int64_t sequence = inputs.query.size(2);
  const int64_t head_dim = inputs.query.size(3);
  const at::Tensor bias = inputs.layout.additive_mask.expand({batch, count, 1, sequence})
                              .reshape({batch * count, 1, sequence})
                              .expand({batch * count, sequence, sequence});
  const at::Tensor scores =
      at::baddbmm(bias, inputs.query.reshape({batch * count, sequence, head_dim}),
                  inputs.key.reshape({batch * count, sequence, head_dim}).transpose(1, 2),
                  /*beta=*/1.0, /*alpha=*/1.0 / std::sqrt(static_cast<double>(head_dim)));
  return at::softmax(scores.view({batch, count, sequence, sequence}), -1);
}

at::Tensor attention(const AttentionInputs& inputs) {
  at::Tensor context;
  if (use_fused_attention(inputs)) {
    context = fused_attention(inputs);
  } else {
    const at::Tensor probabilities = inputs.drop(attention_probabilities(inputs));
    context = at::matmul(probabilities, inputs.value);
  }
  return context.transpose(1, 2).flatten(2);
}

at::Tensor gelu(const at::Tensor& input, model::Gelu form) {
  return at::gelu(input, form == model::Gelu::kErf ? "none" : "tanh");
}

at::Tensor add_residual(const at::Tensor& branch, const at::Tensor& residual) {
  return at::Tensor(branch).add_(residual);
}

constexpr PlainOperators kOperators = {/*packed_projection=*/true, attention, gelu, add_residual};

}  // namespace

TunedLayer::TunedLayer(const model::BertConfig& config, int64_t index,
                       const at::TensorOptions& options)
    : PlainLayer(config, index, options, kOperators) {}

}  // namespace baseline
