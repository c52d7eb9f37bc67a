#include "kernels/layer/layer_call.h"

#include <cmath>

namespace kernels {

float LayerCall::score_scale() const {
  return static_cast<float>(1.0 / std::sqrt(static_cast<double>(head_dim)));
}

const int64_t* LayerCall::device_offsets() const {
  return device_pointer(device_rows);
}

const int64_t* LayerCall::device_lengths() const {
  const int64_t* offsets_there = device_offsets();
  return offsets_there == nullptr ? nullptr : offsets_there + batch() + 1;
}

const int64_t* device_pointer(const at::Tensor& device_rows) {
  const bool has_memory = device_rows.defined() && !device_rows.is_meta();
  return has_memory ? device_rows.const_data_ptr<int64_t>() : nullptr;
}

DropoutStream dropout_stream(const model::DropoutKey& key, double probability,
                             const model::SequenceLayout& layout) {
  return {.seed = key.seed,
          .step = key.step,
          .layer = key.layer,
          .site = static_cast<uint32_t>(key.site),
          .probability = probability,
          .first_sequence = layout.first_sequence,
          .step_on_device = key.step_on_device};
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
  call.device_rows = layout.device_rows;
  call.attention_dropout =
      stream(model::DropoutSite::kAttentionProbabilities, config.attention_dropout);
  call.attention_output_dropout =
      stream(model::DropoutSite::kAttentionOutput, config.hidden_dropout);
  call.layer_output_dropout = stream(model::DropoutSite::kLayerOutput, config.hidden_dropout);
  return call;
}

}  // namespace kernels
