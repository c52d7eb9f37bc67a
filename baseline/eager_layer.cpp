#include "baseline/eager_layer.h"

#include <cmath>
#include <numbers>

namespace baseline {
namespace {

/// [batch, sequence, hidden] to [batch, heads, sequence, head_dim], a view.
at::Tensor split_heads(const at::Tensor& input, int64_t heads) {
  return input.view({input.size(0), input.size(1), heads, input.size(2) / heads})
      .permute({0, 2, 1, 3});
}

}  // namespace

EagerLayer::EagerLayer(const model::BertConfig& config, int64_t index,
                       const at::TensorOptions& options)
    : PlainLayer(config, index, options),
      query_(prefix() + "attention.self.query", config.hidden, config.hidden, options),
      key_(prefix() + "attention.self.key", config.hidden, config.hidden, options),
      value_(prefix() + "attention.self.value", config.hidden, config.hidden, options) {}

at::Tensor EagerLayer::self_attention(const at::Tensor& input, const model::SequenceLayout& layout,
                                      const model::DropoutSource& dropout, double p) const {
  const int64_t heads = config().heads;
  const at::Tensor query = split_heads(query_.forward(input), heads);
  const at::Tensor key = split_heads(key_.forward(input), heads);
  const at::Tensor value = split_heads(value_.forward(input), heads);
  at::Tensor scores = at::matmul(query, key.transpose(-1, -2));
  scores = scores / std::sqrt(static_cast<double>(config().head_dim()));
  scores = scores + layout.additive_mask;
  at::Tensor probabilities = at::softmax(scores, -1);
  scores.reset();
  probabilities = dropout.apply(
      probabilities, p, dropout.key(model::DropoutSite::kAttentionProbabilities, index()), layout);
  return at::matmul(probabilities, value).permute({0, 2, 1, 3}).contiguous().view(input.sizes());
}

at::Tensor EagerLayer::gelu(const at::Tensor& x) const {
  if (config().gelu == model::Gelu::kErf) {
    return x * 0.5 * (1.0 + at::erf(x / std::numbers::sqrt2));
  }
  const double scale = std::sqrt(2.0 / std::numbers::pi);
  return x * 0.5 * (1.0 + at::tanh(scale * (x + 0.044715 * at::pow(x, 3))));
}

at::Tensor EagerLayer::add_residual(const at::Tensor& branch, const at::Tensor& residual) const {
  return branch + residual;
}

std::vector<model::Parameter> EagerLayer::projection_parameters() const {
  return {query_.weight, query_.bias, key_.weight, key_.bias, value_.weight, value_.bias};
}

std::vector<model::WeightView> EagerLayer::projection_weights() const {
  std::vector<model::WeightView> views;
  for (const model::Parameter& parameter : projection_parameters()) {
    views.push_back(model::whole_weight("bert.", parameter));
  }
  return views;
}

}  // namespace baseline
