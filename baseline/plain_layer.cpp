#include "baseline/plain_layer.h"

#include <utility>

namespace baseline {

using model::DropoutSite;

namespace {

constexpr const char* kProjections[] = {"query", "key", "value"};

/// [batch, sequence, hidden] to [batch, heads, sequence, head_dim], a view.
at::Tensor split_heads(const at::Tensor& input, int64_t heads) {
  return input.view({input.size(0), input.size(1), heads, input.size(2) / heads})
      .permute({0, 2, 1, 3});
}

/// [batch, sequence, 3 * hidden] to Q, K and V as split_heads(), views.
std::vector<at::Tensor> split_packed(const at::Tensor& qkv, int64_t heads) {
  const int64_t hidden = qkv.size(2) / 3;
  return qkv.view({qkv.size(0), qkv.size(1), 3, heads, hidden / heads})
      .permute({2, 0, 3, 1, 4})
      .unbind(0);
}

}  // namespace

PlainLayer::PlainLayer(const model::BertConfig& config, int64_t index,
                       const at::TensorOptions& options, const PlainOperators& operators)
    : config_(config),
      index_(index),
      operators_(operators),
      attention_output_(prefix() + "attention.output.dense", config.hidden, config.hidden, options),
      attention_norm_(prefix() + "attention.output.LayerNorm", config.hidden, config.layer_norm_eps,
                      options),
      intermediate_(prefix() + "intermediate.dense", config.hidden, config.intermediate, options),
      output_(prefix() + "output.dense", config.intermediate, config.hidden, options),
      output_norm_(prefix() + "output.LayerNorm", config.hidden, config.layer_norm_eps, options) {
  if (operators.packed_projection) {
    projections_.emplace_back(prefix() + "attention.qkv", config.hidden, 3 * config.hidden,
                              options);
    return;
  }
  for (const char* const part : kProjections) {
    projections_.emplace_back(prefix() + "attention.self." + part, config.hidden, config.hidden,
                              options);
  }
}

std::string PlainLayer::prefix() const {
  return "encoder.layer." + std::to_string(index_) + ".";
}

at::Tensor PlainLayer::forward(const at::Tensor& hidden, const model::SequenceLayout& layout,
                               const model::DropoutSource& dropout, bool training) const {
  const bool pre = config_.layer_norm == model::LayerNormPlacement::kPre;
  const double hidden_p = training ? config_.hidden_dropout : 0;
  const double attention_p = training ? config_.attention_dropout : 0;
  const auto residual_sum = [&](const at::Tensor& branch, DropoutSite site,
                                const at::Tensor& residual) {
    return operators_.add_residual(
        dropout.apply(branch, hidden_p, dropout.key(site, index_), layout), residual);
  };
  const at::Tensor context =
      self_attention(pre ? output_norm_.forward(hidden) : hidden, layout, dropout, attention_p);
  at::Tensor middle =
      residual_sum(attention_output_.forward(context), DropoutSite::kAttentionOutput, hidden);
  if (!pre) middle = attention_norm_.forward(middle);
  const at::Tensor inner = operators_.gelu(
      intermediate_.forward(pre ? attention_norm_.forward(middle) : middle), config_.gelu);
  const at::Tensor sum = residual_sum(output_.forward(inner), DropoutSite::kLayerOutput, middle);
  return pre ? sum : output_norm_.forward(sum);
}

at::Tensor PlainLayer::self_attention(const at::Tensor& input, const model::SequenceLayout& layout,
                                      const model::DropoutSource& dropout, double p) const {
  std::vector<at::Tensor> heads;
  if (operators_.packed_projection) {
    heads = split_packed(projections_[0].forward(input), config_.heads);
  } else {
    for (const model::Linear& projection : projections_) {
      heads.push_back(split_heads(projection.forward(input), config_.heads));
    }
  }
  return operators_.attention({std::move(heads[0]), std::move(heads[1]), std::move(heads[2]),
                               layout, dropout,
                               dropout.key(DropoutSite::kAttentionProbabilities, index_), p});
}

std::vector<model::Parameter> PlainLayer::other_parameters() const {
  return {attention_output_.weight, attention_output_.bias, attention_norm_.gamma,
          attention_norm_.beta,     intermediate_.weight,   intermediate_.bias,
          output_.weight,           output_.bias,           output_norm_.gamma,
          output_norm_.beta};
}

std::vector<model::Parameter> PlainLayer::parameters() const {
  std::vector<model::Parameter> all;
  for (const model::Linear& projection : projections_) {
    all.push_back(projection.weight);
    all.push_back(projection.bias);
  }
  for (model::Parameter& parameter : other_parameters()) all.push_back(std::move(parameter));
  return all;
}

std::vector<model::WeightView> PlainLayer::projection_weights() const {
  std::vector<model::WeightView> views;
  for (int64_t i = 0; i < 3; ++i) {
    const bool packed = operators_.packed_projection;
    const model::Linear& projection = projections_[static_cast<size_t>(packed ? 0 : i)];
    const int64_t row = packed ? i * config_.hidden : 0;
    const std::string name = "bert." + prefix() + "attention.self." + kProjections[i];
    views.push_back({name + ".weight", projection.weight.tensor, row, row + config_.hidden});
    views.push_back({name + ".bias", projection.bias.tensor, row, row + config_.hidden});
  }
  return views;
}

std::vector<model::WeightView> PlainLayer::weights() const {
  std::vector<model::WeightView> all = projection_weights();
  for (const model::Parameter& parameter : other_parameters()) {
    all.push_back(model::whole_weight("bert.", parameter));
  }
  return all;
}

}  // namespace baseline
