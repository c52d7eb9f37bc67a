#include "kernels/layer/layer_call.h"

#include <cmath>

namespace kernels {

float LayerCall::score_scale() const {
  return static_cast<float>(1.0 / std::sqrt(static_cast<double>(head_dim)));
}

DropoutStream dropout_stream(const model::DropoutKey& key, double probability,
                             const model::SequenceLayout& layout) {
  return {.seed = key.seed,
          .step = key.step,
          .layer = key.layer,
          .site = static_cast<uint32_t>(key.site),
          .probability = probability,
          .first_sequence = layout.first_sequence};
}

LayerCall make_layer_call(const model::BertConfig& config, int64_t layer,
                          const model::LayerFlags& flags, const model::SequenceLayout& layout,
                          const model::DropoutSource& dropout, bool training) {
  const auto stream = [&](model::DropoutSite site, double probability) {
    return dropout_stream(dropout.key(site, layer), training ? probability : 0, layout);
  };
  LayerCall call;
  call.heads = config.heads;
  call.head_dim = config.head_dim();
  call.intermediate = config.intermediate;
  call.eps = static_cast<float>(config.layer_norm_eps);
  call.gelu = config.gelu == model::Gelu::kErf ? Gelu::kErf : Gelu::kTanh;
  call.pre_layer_norm = config.layer_norm == model::LayerNormPlacement::kPre;
  call.flags = flags;
  call.lengths = layout.lengths;
  call.offsets = layout.offsets;
  call.attention_dropout =
      stream(model::DropoutSite::kAttentionProbabilities, config.attention_dropout);
  call.attention_output_dropout =
      stream(model::DropoutSite::kAttentionOutput, config.hidden_dropout);
  call.layer_output_dropout = stream(model::DropoutSite::kLayerOutput, config.hidden_dropout);
  return call;
}

}  // namespace kernels
