#include "baseline/tuned_layer.h"

#include <cmath>
#include <tuple>

#include "model/meta_device.h"

namespace baseline {
namespace {

/// On a CPU with AVX-512 but no AMX, LibTorch's CPU flash attention is faster than materialized
/// scores in fp32 and slower in bf16; with dropout it does not exist: LibTorch's dispatcher
/// composes attention from operators as attention_probabilities() does. So it is always on CUDA,
/// whose own fused kernels have no meta kernel to plan their memory by.
bool use_flash_attention(const AttentionInputs& inputs) {
  return inputs.p <= 0 && inputs.query.scalar_type() == at::kFloat &&
         !model::is_for_cuda(inputs.query.device());
}

at::Tensor flash_attention(const AttentionInputs& inputs) {
  return std::get<0>(at::_scaled_dot_product_flash_attention_for_cpu(
      inputs.query, inputs.key, inputs.value, /*dropout_p=*/0.0, /*is_causal=*/false,
      inputs.layout.additive_mask));
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
  if (use_flash_attention(inputs)) {
    context = flash_attention(inputs);
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
