#include "tests/kernels/layer/layer_case.h"

#include <cmath>
#include <sstream>

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include "baseline/eager_layer.h"
#include "kernels/layer/fused_encoder_layer.h"
#include "kernels/layer/keyed_dropout.h"

namespace kernels::testing {
namespace {

constexpr int64_t kLayer = 2;

bool is_norm(const std::string& name) {
  return name.find("LayerNorm") != std::string::npos;
}

bool is_bias(const std::string& name) {
  return name.ends_with(".bias");
}

at::Tensor random_weight(const LayerCase& layer_case, const std::string& name,
                         const at::Tensor& like) {
  const at::TensorOptions options = at::TensorOptions().dtype(at::kFloat);
  if (layer_case.unit_norms && is_norm(name)) {
    return at::full(like.sizes(), is_bias(name) ? 0 : 1, layer_case.dtype);
  }
  at::Tensor value = at::randn(like.sizes(), options);
  if (is_norm(name) && !is_bias(name)) {
    value = 1 + 0.2 * value;
    if (layer_case.small_gamma) {
      value.index_put_({at::arange(0, value.size(0), 5)}, at::zeros({}, options));
      value.index_put_({at::arange(1, value.size(0), 7)}, at::full({}, 1e-6, options));
    }
  } else if (is_bias(name)) {
    value = 0.3 * value;
  } else {
    value = value / std::sqrt(static_cast<double>(like.size(1)));
  }
  return value.to(layer_case.dtype);
}

/// Norm to which a tensor's error is put in relation.
double scale_of(const std::string& name, const LayerResult& expected) {
  std::string reference = name;
  for (const std::string part : {"query", "key"}) {
    const size_t at = reference.find("self." + part);
    if (at != std::string::npos) reference.replace(at + 5, part.size(), "value");
  }
  return std::max(expected.gradients.at(name).norm().item<double>(),
                  expected.gradients.at(reference).norm().item<double>());
}

void expect_near(const std::string& name, const at::Tensor& actual, const at::Tensor& expected,
                 double scale, double tolerance) {
  ASSERT_EQ(actual.sizes(), expected.sizes()) << name;
  const double error = (actual.to(at::kDouble) - expected).norm().item<double>();
  EXPECT_LE(error, tolerance * scale) << name << ": relative error " << error / scale;
}

}  // namespace

std::vector<LayerShape> awkward_shapes() {
  return {{1, 1, 24, 1, 33},   {3, 7, 24, 3, 65},   {1, 17, 72, 3, 129},
          {3, 37, 64, 4, 255}, {3, 48, 72, 1, 100}, {2, 33, 48, 3, 63}};
}

model::BertConfig LayerCase::config() const {
  model::BertConfig config;
  config.layers = kLayer + 1;
  config.hidden = shape.hidden;
  config.heads = shape.heads;
  config.intermediate = shape.intermediate;
  config.layer_norm = placement;
  config.gelu = gelu;
  config.attention_dropout = dropout;
  config.hidden_dropout = dropout;
  return config;
}

std::string LayerCase::describe() const {
  std::ostringstream text;
  text << "B" << shape.batch << " S" << shape.sequence << " H" << shape.hidden << " A"
       << shape.heads << " I" << shape.intermediate
       << (placement == model::LayerNormPlacement::kPre ? " pre" : " post")
       << (gelu == model::Gelu::kErf ? " erf" : " tanh") << " dropout " << dropout << " " << dtype
       << (flags.normalize_invertible ? " NI" : "") << (flags.gelu_checkpoint ? " GC" : "")
       << (flags.attn_dropout_checkpoint ? " AC" : "") << (flags.flash_attention ? " FA" : "")
       << (flags.stochastic_mode ? " stochastic" : "");
  return text.str();
}

LayerInputs make_inputs(const LayerCase& layer_case) {
  at::manual_seed(7);
  const LayerShape& shape = layer_case.shape;
  LayerInputs inputs;
  inputs.hidden = at::randn({shape.batch, shape.sequence, shape.hidden}).to(layer_case.dtype);
  inputs.d_output = at::randn({shape.batch, shape.sequence, shape.hidden}).to(layer_case.dtype);
  std::vector<int64_t> lengths = layer_case.lengths;
  for (int64_t b = 0; b < shape.batch && layer_case.lengths.empty(); ++b) {
    const int64_t mixed[] = {shape.sequence, shape.sequence / 2, 0};
    lengths.push_back(mixed[b % 3]);
  }
  inputs.layout = model::make_layout(lengths, shape.sequence, 5, model::RowLayout::kPadded);
  LayerCase plain = layer_case;
  plain.flags = {};
  for (const model::WeightView& view : make_fused(plain, at::kMeta)->weights()) {
    inputs.weights[view.name] = random_weight(layer_case, view.name, view.value());
  }
  return inputs;
}

LayerInputs micro_batch(const LayerInputs& inputs, int64_t begin, int64_t count) {
  LayerInputs part = inputs;
  part.hidden = inputs.hidden.narrow(0, begin, count);
  part.d_output = inputs.d_output.narrow(0, begin, count);
  const auto first = inputs.layout.lengths.begin() + begin;
  part.layout = model::make_layout({first, first + count}, inputs.layout.padded_length,
                                   inputs.layout.first_sequence + begin, inputs.layout.row_layout);
  return part;
}

at::Tensor tokens(const at::Tensor& padded, const model::SequenceLayout& layout) {
  std::vector<at::Tensor> parts;
  for (int64_t b = 0; b < layout.batch; ++b) {
    parts.push_back(padded[b].narrow(0, 0, layout.lengths[static_cast<size_t>(b)]));
  }
  return at::cat(parts);
}

LayerInputs packed(const LayerInputs& inputs) {
  LayerInputs result = inputs;
  result.hidden = tokens(inputs.hidden, inputs.layout);
  result.d_output = tokens(inputs.d_output, inputs.layout);
  result.layout = model::make_layout(inputs.layout.lengths, inputs.layout.padded_length,
                                     inputs.layout.first_sequence, model::RowLayout::kPacked);
  return result;
}

LayerInputs without_padding_gradient(const LayerInputs& inputs) {
  LayerInputs result = inputs;
  result.d_output = inputs.d_output.clone();
  for (int64_t b = 0; b < inputs.layout.batch; ++b) {
    const int64_t length = inputs.layout.lengths[static_cast<size_t>(b)];
    result.d_output[b].narrow(0, length, inputs.layout.padded_length - length).zero_();
  }
  return result;
}

std::unique_ptr<model::EncoderLayer> make_fused(const LayerCase& layer_case, at::Device device) {
  return make_fused_encoder_layer(layer_case.config(), kLayer, layer_case.flags,
                                  at::TensorOptions().dtype(layer_case.dtype).device(device));
}

std::unique_ptr<model::EncoderLayer> make_reference(const LayerCase& layer_case) {
  return std::make_unique<baseline::EagerLayer>(layer_case.config(), kLayer,
                                                at::TensorOptions().dtype(at::kDouble));
}

void load(const model::EncoderLayer& layer, const LayerInputs& inputs) {
  const at::AutoGradMode no_grad(false);
  for (const model::WeightView& view : layer.weights()) {
    at::Tensor value = view.value();
    value.copy_(inputs.weights.at(view.name));
  }
}

static at::Tensor additive_mask(const model::SequenceLayout& layout) {
  const at::Tensor mask = at::zeros({layout.batch, 1, 1, layout.padded_length}, at::kDouble);
  for (int64_t b = 0; b < layout.batch; ++b) {
    const int64_t length = layout.lengths[static_cast<size_t>(b)];
    mask[b].narrow(-1, length, layout.padded_length - length).fill_(model::kMaskedScore);
  }
  return mask;
}

LayerResult run(const model::EncoderLayer& layer, const LayerInputs& inputs, at::ScalarType dtype) {
  const at::TensorOptions options = layer.parameters().front().tensor.options().dtype(dtype);
  model::SequenceLayout layout = inputs.layout;
  if (!layout.packed()) layout.additive_mask = additive_mask(layout).to(options);
  layout.device_rows = model::device_rows(layout, options.device());
  KeyedDropout dropout;
  dropout.begin_step(kSeed, kStep);
  const at::Tensor hidden = inputs.hidden.to(options, false, true).requires_grad_(true);
  LayerResult result;
  const at::Tensor output = layer.forward(hidden, layout, dropout, true);
  output.backward(inputs.d_output.to(options));
  result.output = output.detach().cpu();
  result.gradients["hidden"] = hidden.grad().cpu();
  for (const model::WeightView& view : layer.weights()) {
    result.gradients[view.name] = view.gradient().cpu();
  }
  return result;
}

LayerResult run_fused(const LayerCase& layer_case, const LayerInputs& inputs, at::Device device) {
  const auto layer = make_fused(layer_case, device);
  load(*layer, inputs);
  return run(*layer, inputs, layer_case.dtype);
}

LayerResult run_reference(const LayerCase& layer_case, const LayerInputs& inputs) {
  const auto layer = make_reference(layer_case);
  load(*layer, inputs);
  return run(*layer, inputs, at::kDouble);
}

void expect_close(const LayerResult& actual, const LayerResult& expected, double tolerance) {
  expect_near("output", actual.output, expected.output, expected.output.norm().item<double>(),
              tolerance);
  ASSERT_EQ(actual.gradients.size(), expected.gradients.size());
  for (const auto& [name, gradient] : expected.gradients) {
    expect_near(name, actual.gradients.at(name), gradient, scale_of(name, expected), tolerance);
  }
}

void expect_same_bits(const LayerResult& actual, const LayerResult& expected) {
  EXPECT_TRUE(actual.output.equal(expected.output)) << "output";
  for (const auto& [name, gradient] : expected.gradients) {
    EXPECT_TRUE(actual.gradients.at(name).equal(gradient)) << name;
  }
}

NanFilledMemory::NanFilledMemory() {
  at::globalContext().setDeterministicAlgorithms(true, true);
  at::globalContext().setDeterministicFillUninitializedMemory(true);
}

NanFilledMemory::~NanFilledMemory() {
  at::globalContext().setDeterministicAlgorithms(false, false);
}

std::vector<model::LayerFlags> memory_flag_sets() {
  std::vector<model::LayerFlags> sets;
  for (int bits = 0; bits < 12; ++bits) {
    model::LayerFlags flags;
    flags.normalize_invertible = (bits & 1) != 0;
    flags.gelu_checkpoint = (bits & 2) != 0;
    flags.attn_dropout_checkpoint = bits / 4 == 1;
    flags.flash_attention = bits / 4 == 2;
    sets.push_back(flags);
  }
  return sets;
}

}  // namespace kernels::testing
