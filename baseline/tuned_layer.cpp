#include "baseline/tuned_layer.h"

#include <cmath>
#include <tuple>

namespace baseline {
namespace {

struct Heads {
  at::Tensor query;  ///< [batch, heads, sequence, head_dim], views
  at::Tensor key;
  at::Tensor value;
};

Heads split_heads(const at::Tensor& qkv, int64_t heads) {
  const int64_t hidden = qkv.size(2) / 3;
  const std::vector<at::Tensor> parts =
      qkv.view({qkv.size(0), qkv.size(1), 3, heads, hidden / heads})
          .permute({2, 0, 3, 1, 4})
          .unbind(0);
  return {parts[0], parts[1], parts[2]};
}

/// Measured, forward and backward, one thread of a CPU with AVX-512 but no AMX: in fp32 without
/// dropout LibTorch's CPU flash attention beats the materialized scores (47 to 60 ms at 4 x 12
/// heads x 384 x 32), in bf16 it loses (62 to 32 ms), and with dropout it does not exist:
/// LibTorch's dispatcher composes attention from operators as attention_probabilities() does. A
/// plan for CUDA follows the same rule. CUDA's memory-efficient kernel takes mask and dropout but
/// has no meta kernel, so with dropout the composition stands for it, and plans more memory.
bool use_flash_attention(const at::Tensor& input, double p) {
  return p <= 0 && input.scalar_type() == at::kFloat;
}

at::Tensor flash_attention(const Heads& heads, const at::Tensor& mask) {
  return std::get<0>(at::_scaled_dot_product_flash_attention_for_cpu(
      heads.query, heads.key, heads.value, /*dropout_p=*/0.0, /*is_causal=*/false, mask));
}

/// softmax(scale * Q K^T + mask) with scale and mask inside the product (8.1 ms against 10.1 ms for
/// scaling Q and adding the mask in place, same shape), [batch, heads, sequence, sequence].
at::Tensor attention_probabilities(const Heads& heads, const at::Tensor& mask) {
  const int64_t batch = heads.query.size(0);
  const int64_t count = heads.query.size(1);
  const int64_t sequence = heads.query.size(2);
  const int64_t head_dim = heads.query.size(3);
  const at::Tensor bias = mask.expand({batch, count, 1, sequence})
                              .reshape({batch * count, 1, sequence})
                              .expand({batch * count, sequence, sequence});
  const at::Tensor scores =
      at::baddbmm(bias, heads.query.reshape({batch * count, sequence, head_dim}),
                  heads.key.reshape({batch * count, sequence, head_dim}).transpose(1, 2),
                  /*beta=*/1.0, /*alpha=*/1.0 / std::sqrt(static_cast<double>(head_dim)));
  return at::softmax(scores.view({batch, count, sequence, sequence}), -1);
}

}  // namespace

TunedLayer::TunedLayer(const model::BertConfig& config, int64_t index,
                       const at::TensorOptions& options)
    : PlainLayer(config, index, options),
      qkv_(prefix() + "attention.qkv", config.hidden, 3 * config.hidden, options) {}

at::Tensor TunedLayer::self_attention(const at::Tensor& input, const model::SequenceLayout& layout,
                                      const model::DropoutSource& dropout, double p) const {
  const Heads heads = split_heads(qkv_.forward(input), config().heads);
  at::Tensor context;
  if (use_flash_attention(input, p)) {
    context = flash_attention(heads, layout.additive_mask);
  } else {
    const at::Tensor probabilities =
        dropout.apply(attention_probabilities(heads, layout.additive_mask), p,
                      dropout.key(model::DropoutSite::kAttentionProbabilities, index()), layout);
    context = at::matmul(probabilities, heads.value);
  }
  return context.transpose(1, 2).reshape(input.sizes());
}

at::Tensor TunedLayer::gelu(const at::Tensor& input) const {
  return at::gelu(input, config().gelu == model::Gelu::kErf ? "none" : "tanh");
}

at::Tensor TunedLayer::add_residual(const at::Tensor& branch, const at::Tensor& residual) const {
  return at::Tensor(branch).add_(residual);
}

std::vector<model::Parameter> TunedLayer::projection_parameters() const {
  return {qkv_.weight, qkv_.bias};
}

std::vector<model::WeightView> TunedLayer::projection_weights() const {
  std::vector<model::WeightView> views;
  int64_t row = 0;
  for (const char* part : {"query", "key", "value"}) {
    const std::string name = "bert." + prefix() + "attention.self." + part;
    views.push_back({name + ".weight", qkv_.weight.tensor, row, row + config().hidden});
    views.push_back({name + ".bias", qkv_.bias.tensor, row, row + config().hidden});
    row += config().hidden;
  }
  return views;
}

}  // namespace baseline
