#include "baseline/plain_layer.h"

namespace baseline {

using model::DropoutSite;

PlainLayer::PlainLayer(const model::BertConfig& config, int64_t index,
                       const at::TensorOptions& options)
    : config_(config),
      index_(index),
      attention_output_(prefix() + "attention.output.dense", config.hidden, config.hidden, options),
      attention_norm_(prefix() + "attention.output.LayerNorm", config.hidden, config.layer_norm_eps,
                      options),
      intermediate_(prefix() + "intermediate.dense", config.hidden, config.intermediate, options),
      output_(prefix() + "output.dense", config.intermediate, config.hidden, options),
      output_norm_(prefix() + "output.LayerNorm", config.hidden, config.layer_norm_eps, options) {}

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
    return add_residual(dropout.apply(branch, hidden_p, dropout.key(site, index_), layout),
                        residual);
  };
  const at::Tensor context =
      self_attention(pre ? output_norm_.forward(hidden) : hidden, layout, dropout, attention_p);
  at::Tensor middle =
      residual_sum(attention_output_.forward(context), DropoutSite::kAttentionOutput, hidden);
  if (!pre) middle = attention_norm_.forward(middle);
  const at::Tensor inner =
      gelu(intermediate_.forward(pre ? attention_norm_.forward(middle) : middle));
  const at::Tensor sum = residual_sum(output_.forward(inner), DropoutSite::kLayerOutput, middle);
  return pre ? sum : output_norm_.forward(sum);
}

std::vector<model::Parameter> PlainLayer::other_parameters() const {
  return {attention_output_.weight, attention_output_.bias, attention_norm_.gamma,
          attention_norm_.beta,     intermediate_.weight,   intermediate_.bias,
          output_.weight,           output_.bias,           output_norm_.gamma,
          output_norm_.beta};
}

std::vector<model::Parameter> PlainLayer::parameters() const {
  std::vector<model::Parameter> all = projection_parameters();
  for (model::Parameter& parameter : other_parameters()) all.push_back(std::move(parameter));
  return all;
}

std::vector<model::WeightView> PlainLayer::weights() const {
  std::vector<model::WeightView> all = projection_weights();
  for (const model::Parameter& parameter : other_parameters()) {
    all.push_back(model::whole_weight("bert.", parameter));
  }
  return all;
}

}  // namespace baseline
