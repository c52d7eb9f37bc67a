#include "apps/bench_kernels/layer_run.h"

#include <string_view>
#include <utility>

#include "apps/bench_kernels/tensors.h"
#include "kernels/tensor/device.h"
#include "model/batch.h"

namespace apps {
namespace {

constexpr uint64_t kSeed = 1;
constexpr uint64_t kStep = 1;

model::BertConfig bert_config(const Setting& setting) {
  model::BertConfig config;
  config.layers = 1;
  config.hidden = setting.hidden;
  config.heads = setting.heads;
  config.intermediate = setting.intermediate;
  config.attention_dropout = setting.dropout;
  config.hidden_dropout = setting.dropout;
  return config;
}

model::SequenceLayout layout_of(const LayerInputs& inputs) {
  std::vector<model::Window> windows;
  for (const int64_t length : inputs.lengths) {
    const std::vector<int64_t> zeros(static_cast<size_t>(length));
    windows.push_back({.input_ids = zeros, .token_type_ids = zeros});
  }
  const at::Device device = inputs.setting.device;
  model::SequenceLayout layout =
      model::make_batch(windows, inputs.setting.sequence, 0,
                        at::TensorOptions(inputs.setting.dtype).device(device), inputs.row_layout)
          .layout;
  if (kernels::runs_on_cuda(device)) layout.device_rows = model::device_rows(layout, device);
  return layout;
}

/// The rows of `tensor`, [batch, sequence, columns], that are tokens: [tokens, columns].
at::Tensor tokens_of(const at::Tensor& tensor, const std::vector<int64_t>& lengths) {
  Tensors parts;
  for (size_t i = 0; i < lengths.size(); ++i) {
    parts.push_back(tensor.select(0, static_cast<int64_t>(i)).narrow(0, 0, lengths[i]));
  }
  return at::cat(parts);
}

/// As after the span loss: padding has no gradient.
void zero_padding(const at::Tensor& tensor, const std::vector<int64_t>& lengths) {
  for (size_t i = 0; i < lengths.size(); ++i) {
    tensor.select(0, static_cast<int64_t>(i))
        .narrow(0, lengths[i], tensor.size(1) - lengths[i])
        .zero_();
  }
}

/// Mean and spread of a weight's values: as trained BERTs have them, and no bias zero.
struct Distribution {
  double mean;
  double deviation;
};

Distribution distribution_of(std::string_view name) {
  if (name.ends_with("LayerNorm.weight")) return {1, 0.25};
  if (name.ends_with(".bias")) return {0, 0.25};
  return {0, 1.0 / 32};
}

void fill_weights(const model::EncoderLayer& layer, RandomTensors& random) {
  const at::NoGradGuard no_grad;
  for (const model::WeightView& weight : layer.weights()) {
    at::Tensor rows = weight.value();
    const auto [mean, deviation] = distribution_of(weight.name);
    const at::Tensor drawn = random(rows.sizes()).to(at::kFloat);
    rows.copy_(in_every_precision(drawn.mul(deviation).add(mean)));
  }
}

bool is_projection(std::string_view name) {
  return name.find("attention.self.") != std::string_view::npos;
}

}  // namespace

LayerRun::LayerRun(const LayerInputs& inputs, const model::Implementation& implementation,
                   const model::LayerFlags& flags, std::unique_ptr<model::DropoutSource> dropout)
    : layer_(implementation.make_layer(
          bert_config(inputs.setting), 0, flags,
          at::TensorOptions(inputs.setting.dtype).device(inputs.setting.device))),
      dropout_(std::move(dropout)),
      layout_(layout_of(inputs)) {
  const Setting& setting = inputs.setting;
  RandomTensors random(setting);
  hidden_ = random({setting.batch, setting.sequence, setting.hidden});
  d_output_ = random(hidden_.sizes());
  zero_padding(d_output_, inputs.lengths);
  if (layout_.packed()) {
    hidden_ = tokens_of(hidden_, inputs.lengths);
    d_output_ = tokens_of(d_output_, inputs.lengths);
  }
  hidden_.set_requires_grad(true);
  fill_weights(*layer_, random);
}

void LayerRun::run() {
  hidden_.mutable_grad().reset();
  for (const model::Parameter& parameter : layer_->parameters()) {
    parameter.tensor.mutable_grad().reset();
  }
  dropout_->begin_step(kSeed, kStep);
  output_ = layer_->forward(hidden_, layout_, *dropout_, /*training=*/true);
  output_.backward(d_output_);
  output_ = output_.detach();
}

at::Tensor LayerRun::tokens(const at::Tensor& rows) const {
  return layout_.packed() ? rows : tokens_of(rows, layout_.lengths);
}

Tensors LayerRun::results() const {
  Tensors matrices;
  Tensors biases;
  Tensors others;
  for (const model::WeightView& weight : layer_->weights()) {
    const at::Tensor gradient = weight.gradient();
    if (!is_projection(weight.name)) {
      others.push_back(gradient);
    } else {
      (gradient.dim() == 2 ? matrices : biases).push_back(gradient);
    }
  }
  Tensors results = {tokens(output_), tokens(hidden_.grad()), at::cat(matrices), at::cat(biases)};
  results.insert(results.end(), others.begin(), others.end());
  return results;
}

}  // namespace apps
