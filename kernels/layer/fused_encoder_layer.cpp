#include "kernels/layer/fused_encoder_layer.h"

#include <algorithm>

#include <ATen/ops/empty.h>

#include "kernels/flash_attention/flash_attention.h"
#include "kernels/layer/fused_encoder_function.h"
#include "kernels/layer/kept_columns.h"
#include "kernels/layer/layer_call.h"
#include "kernels/tensor/dtype.h"

namespace kernels {
namespace {

void check_config(const model::BertConfig& config) {
  TORCH_CHECK(config.heads > 0 && config.hidden > 0 && config.intermediate > 0,
              "fused encoder layer: heads, hidden and intermediate must be positive");
  TORCH_CHECK(config.hidden % config.heads == 0, "fused encoder layer: hidden size ", config.hidden,
              " is not a multiple of its ", config.heads, " heads");
  for (const double p : {config.attention_dropout, config.hidden_dropout}) {
    TORCH_CHECK(p >= 0 && p < 1, "fused encoder layer: dropout ", p, " is not in [0, 1)");
  }
}

}  // namespace

FusedEncoderLayer::FusedEncoderLayer(const model::BertConfig& config, int64_t index,
                                     const model::LayerFlags& flags,
                                     const at::TensorOptions& options)
    : config_(config), index_(index), flags_(flags) {
  check_config(config);
  check_operators_take("fused encoder layer", options.device(),
                       c10::typeMetaToScalarType(options.dtype()));
  const auto parameter = [&](at::IntArrayRef sizes) {
    return at::empty(sizes, options.requires_grad(false)).set_requires_grad(true);
  };
  const int64_t hidden = config.hidden;
  const int64_t intermediate = config.intermediate;
  weights_ = {.qkv_weight = parameter({3 * hidden, hidden}),
              .qkv_bias = parameter({3 * hidden}),
              .attention_weight = parameter({hidden, hidden}),
              .attention_bias = parameter({hidden}),
              .attention_norm_weight = parameter({hidden}),
              .attention_norm_bias = parameter({hidden}),
              .intermediate_weight = parameter({intermediate, hidden}),
              .intermediate_bias = parameter({intermediate}),
              .output_weight = parameter({hidden, intermediate}),
              .output_bias = parameter({hidden}),
              .output_norm_weight = parameter({hidden}),
              .output_norm_bias = parameter({hidden})};
}

void FusedEncoderLayer::check_input(const at::Tensor& hidden,
                                    const model::SequenceLayout& layout) const {
  TORCH_CHECK(static_cast<int64_t>(layout.offsets.size()) == layout.batch + 1,
              "fused encoder layer: ", layout.offsets.size(), " offsets for a batch of ",
              layout.batch);
  const std::vector<int64_t> expected = layout.sizes(config_.hidden);
  TORCH_CHECK(hidden.sizes() == at::IntArrayRef(expected), "fused encoder layer: hidden states ",
              hidden.sizes(), " are not ", layout.packed() ? "[rows" : "[batch, sequence",
              ", hidden] = ", at::IntArrayRef(expected));
  TORCH_CHECK(hidden.numel() > 0, "fused encoder layer: hidden states ", hidden.sizes(),
              " are empty");
  TORCH_CHECK(hidden.options().type_equal(weights_.qkv_weight.options()),
              "fused encoder layer: hidden states are ", hidden.scalar_type(), " on ",
              hidden.device(), ", its weights ", weights_.qkv_weight.scalar_type(), " on ",
              weights_.qkv_weight.device());
  TORCH_CHECK(static_cast<int64_t>(layout.lengths.size()) == layout.batch,
              "fused encoder layer: ", layout.lengths.size(), " lengths for a batch of ",
              layout.batch);
  for (const int64_t length : layout.lengths) {
    TORCH_CHECK(length >= 0 && length <= layout.padded_length, "fused encoder layer: length ",
                length, " is not in [0, ", layout.padded_length, "]");
  }
  TORCH_CHECK(!runs_on_cuda(hidden.device()) || layout.device_rows.defined(),
              "fused encoder layer: hidden states on ", hidden.device(),
              ", but the layout has no rows there: model::device_rows makes them");
}

at::Tensor FusedEncoderLayer::forward(const at::Tensor& hidden, const model::SequenceLayout& layout,
                                      const model::DropoutSource& dropout, bool training) const {
  check_input(hidden, layout);
  LayerCall call = make_layer_call(config_, index_, flags_, layout, dropout, training);
  if (flags_.normalize_invertible && at::GradMode::is_enabled()) {  // without, nothing is kept
    if (!kept_room_) kept_room_ = room_for_kept_columns(weights_);
    call.kept_room = *kept_room_;
  }
  return fused_encoder(call, weights_, hidden);
}

std::vector<model::Parameter> FusedEncoderLayer::parameters() const {
  const std::string prefix = "encoder.layer." + std::to_string(index_) + ".";
  return {{prefix + "attention.qkv.weight", weights_.qkv_weight, true},
          {prefix + "attention.qkv.bias", weights_.qkv_bias, false},
          {prefix + "attention.output.dense.weight", weights_.attention_weight, true},
          {prefix + "attention.output.dense.bias", weights_.attention_bias, false},
          {prefix + "attention.output.LayerNorm.weight", weights_.attention_norm_weight, false},
          {prefix + "attention.output.LayerNorm.bias", weights_.attention_norm_bias, false},
          {prefix + "intermediate.dense.weight", weights_.intermediate_weight, true},
          {prefix + "intermediate.dense.bias", weights_.intermediate_bias, false},
          {prefix + "output.dense.weight", weights_.output_weight, true},
          {prefix + "output.dense.bias", weights_.output_bias, false},
          {prefix + "output.LayerNorm.weight", weights_.output_norm_weight, false},
          {prefix + "output.LayerNorm.bias", weights_.output_norm_bias, false}};
}

std::vector<model::WeightView> FusedEncoderLayer::weights() const {
  const std::string prefix = "bert.encoder.layer." + std::to_string(index_) + ".";
  std::vector<model::WeightView> views;
  const char* const parts[] = {"query", "key", "value"};
  for (int64_t part = 0; part < 3; ++part) {
    const int64_t begin = part * config_.hidden;
    const std::string name = prefix + "attention.self." + parts[part];
    views.push_back({name + ".weight", weights_.qkv_weight, begin, begin + config_.hidden});
    views.push_back({name + ".bias", weights_.qkv_bias, begin, begin + config_.hidden});
  }
  for (const model::Parameter& parameter : parameters()) {
    if (parameter.tensor.is_same(weights_.qkv_weight)) continue;
    if (parameter.tensor.is_same(weights_.qkv_bias)) continue;
    views.push_back({"bert." + parameter.name, parameter.tensor, 0, parameter.tensor.size(0)});
  }
  return views;
}

std::string fused_layer_cuda_problem(const model::BertConfig& config,
                                     const model::LayerFlags& flags) {
  const int64_t head_dim = config.hidden / std::max(config.heads, int64_t{1});
  if (!flags.flash_attention || head_dim <= kCudaLargestHeadDim) return {};
  return "flash_attention on CUDA has no kernel for heads of " + std::to_string(head_dim) +
         ", more than " + std::to_string(kCudaLargestHeadDim) + "; leave the flag out";
}

std::unique_ptr<model::EncoderLayer> make_fused_encoder_layer(const model::BertConfig& config,
                                                              int64_t index,
                                                              const model::LayerFlags& flags,
                                                              const at::TensorOptions& options) {
  return std::make_unique<FusedEncoderLayer>(config, index, flags, options);
}

}  // namespace kernels
