#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "baseline/implementations.h"
#include "model/batch.h"
#include "tests/model/tiny_bert.h"

namespace baseline {
namespace {

using model::Batch;
using model::BertConfig;
using model::Gelu;
using model::LayerNormPlacement;

struct Result {
  at::Tensor logits;
  std::vector<std::pair<std::string, at::Tensor>> gradients;
};

Result forward_backward(const model::Implementation& implementation, const BertConfig& config,
                        at::ScalarType dtype) {
  model::BertForSquad bert(config, implementation, {.tensors = dtype});
  tiny::randomize(bert, 11);
  const Batch batch = model::make_batch(tiny::windows(4, 13), 13, 0, dtype);
  at::manual_seed(1);
  const auto dropout = implementation.make_dropout(false);
  const at::Tensor logits = bert.forward(batch, *dropout, true);
  model::span_loss(logits, batch, batch.targets).backward();
  return {logits.detach(), tiny::gradients(bert)};
}

void expect_close(const Result& actual, const Result& expected, double tolerance) {
  EXPECT_LT(tiny::relative_error(actual.logits, expected.logits), tolerance);
  const auto [name, error] = tiny::worst_gradient(actual.gradients, expected.gradients);
  EXPECT_LT(error, tolerance) << name;
}

class Layers : public testing::TestWithParam<std::tuple<LayerNormPlacement, Gelu>> {
 protected:
  static BertConfig config() {
    BertConfig config = tiny::config();
    std::tie(config.layer_norm, config.gelu) = GetParam();
    return config;
  }
};

TEST_P(Layers, tuned_equals_eager_in_fp64) {
  const Result eager = forward_backward(pytorch_eager(), config(), at::kDouble);
  const Result tuned = forward_backward(pytorch_tuned(), config(), at::kDouble);
  expect_close(tuned, eager, 1e-11);
}

TEST_P(Layers, both_are_near_fp64_in_fp32) {
  const Result reference = forward_backward(pytorch_eager(), config(), at::kDouble);
  for (const auto& implementation : {pytorch_eager(), pytorch_tuned()}) {
    SCOPED_TRACE(implementation.name);
    expect_close(forward_backward(implementation, config(), at::kFloat), reference, 2e-5);
  }
}

/// The layer of model/encoder_layer.h by its formulas, with the weights by name.
class FormulaLayer {
 public:
  FormulaLayer(const model::EncoderLayer& layer, const BertConfig& config) : config_(config) {
    for (const model::WeightView& weight : layer.weights()) {
      weights_[weight.name] = weight.value().detach();
    }
  }

  at::Tensor forward(const at::Tensor& x, const model::SequenceLayout& layout) const {
    if (config_.layer_norm == LayerNormPlacement::kPre) {
      const at::Tensor h = x + attention(norm(x, "output"), layout);
      return h + feed_forward(norm(h, "attention.output"));
    }
    const at::Tensor h = norm(x + attention(x, layout), "attention.output");
    return norm(h + feed_forward(h), "output");
  }

 private:
  const at::Tensor& weight(const std::string& name) const {
    return weights_.at("bert.encoder.layer.0." + name);
  }
  at::Tensor linear(const at::Tensor& x, const std::string& name) const {
    return at::einsum("bsi,oi->bso", {x, weight(name + ".weight")}) + weight(name + ".bias");
  }
  at::Tensor norm(const at::Tensor& x, const std::string& name) const {
    const at::Tensor centered = x - x.mean(-1, true);
    const at::Tensor variance = centered.square().mean(-1, true);
    return centered / (variance + config_.layer_norm_eps).sqrt() *
               weight(name + ".LayerNorm.weight") +
           weight(name + ".LayerNorm.bias");
  }
  at::Tensor heads(const at::Tensor& x, const std::string& name) const {
    return linear(x, "attention.self." + name)
        .view({x.size(0), x.size(1), config_.heads, config_.head_dim()});
  }
  at::Tensor attention(const at::Tensor& x, const model::SequenceLayout& layout) const {
    const at::Tensor scores = at::einsum("bqhd,bkhd->bhqk", {heads(x, "query"), heads(x, "key")}) /
                              std::sqrt(static_cast<double>(config_.head_dim()));
    const at::Tensor e = (scores + layout.additive_mask).exp();
    const at::Tensor context =
        at::einsum("bhqk,bkhd->bqhd", {e / e.sum(-1, true), heads(x, "value")});
    return linear(context.reshape(x.sizes()), "attention.output.dense");
  }
  at::Tensor feed_forward(const at::Tensor& x) const {
    const at::Tensor u = linear(x, "intermediate.dense");
    const at::Tensor cubic = u + 0.044715 * u * u * u;
    const at::Tensor gate = config_.gelu == Gelu::kErf
                                ? at::erf(u / std::sqrt(2.0))
                                : at::tanh(std::sqrt(2.0 / std::acos(-1.0)) * cubic);
    return linear(0.5 * u * (1.0 + gate), "output.dense");
  }

  BertConfig config_;
  std::map<std::string, at::Tensor> weights_;
};

TEST_P(Layers, both_follow_the_formulas) {
  const at::NoGradGuard no_grad;
  const Batch batch = model::make_batch(tiny::windows(4, 13), 13, 0, at::kDouble);
  const at::Tensor hidden = at::randn({4, 13, 15}, at::kDouble);
  for (const auto& implementation : {pytorch_eager(), pytorch_tuned()}) {
    const auto layer = implementation.make_layer(config(), 0, {}, at::kDouble);
    for (const model::Parameter& parameter : layer->parameters())
      parameter.tensor.detach().normal_();
    const at::Tensor output = layer->forward(hidden, batch.layout, tiny::stock_dropout(), true);
    const at::Tensor expected = FormulaLayer(*layer, config()).forward(hidden, batch.layout);
    EXPECT_LT(tiny::relative_error(output, expected), 1e-12) << implementation.name;
  }
}

TEST_P(Layers, both_are_near_fp64_in_bf16) {
  const Result reference = forward_backward(pytorch_eager(), config(), at::kDouble);
  for (const auto& implementation : {pytorch_eager(), pytorch_tuned()}) {
    SCOPED_TRACE(implementation.name);
    expect_close(forward_backward(implementation, config(), at::kBFloat16), reference, 0.15);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Layers,
    testing::Combine(testing::Values(LayerNormPlacement::kPost, LayerNormPlacement::kPre),
                     testing::Values(Gelu::kErf, Gelu::kTanh)),
    [](const auto& instance) {
      return std::string(std::get<0>(instance.param) == LayerNormPlacement::kPre ? "pre" : "post") +
             (std::get<1>(instance.param) == Gelu::kErf ? "_erf" : "_tanh");
    });

TEST(Baseline, erf_and_tanh_gelu_differ) {
  BertConfig config = tiny::config();
  const Result erf = forward_backward(pytorch_eager(), config, at::kDouble);
  config.gelu = Gelu::kTanh;
  const Result tanh = forward_backward(pytorch_eager(), config, at::kDouble);
  EXPECT_GT(tiny::relative_error(tanh.logits, erf.logits), 1e-7);
}

TEST(Baseline, dropout_acts_in_training_alone) {
  BertConfig config = tiny::config();
  config.attention_dropout = 0.2;
  config.hidden_dropout = 0.2;
  for (const auto& implementation : {pytorch_eager(), pytorch_tuned()}) {
    model::BertForSquad bert(config, implementation, {.tensors = at::kFloat});
    tiny::randomize(bert, 1);
    const auto dropout = implementation.make_dropout(false);
    const Batch batch = model::make_batch(tiny::windows(3, 9), 9, 0, at::kFloat);
    const at::Tensor first = bert.forward(batch, *dropout, true);
    EXPECT_FALSE(at::equal(first, bert.forward(batch, *dropout, true)));
    const at::Tensor evaluated = bert.forward(batch, *dropout, false);
    EXPECT_TRUE(at::equal(evaluated, bert.forward(batch, *dropout, false)));
  }
}

TEST(Baseline, every_site_asks_for_dropout_with_its_own_key) {
  struct Recorder : model::DropoutSource {
    at::Tensor apply(const at::Tensor& input, double p, const model::DropoutKey& key,
                     const model::SequenceLayout&) const override {
      asked.push_back({static_cast<double>(key.layer), static_cast<double>(key.site), p,
                       static_cast<double>(input.dim())});
      return input;
    }
    mutable std::vector<std::vector<double>> asked;
  };
  BertConfig config = tiny::config();
  config.attention_dropout = 0.1;
  config.hidden_dropout = 0.2;
  for (const auto& implementation : {pytorch_eager(), pytorch_tuned()}) {
    Recorder recorder;
    model::BertForSquad bert(config, implementation, {.tensors = at::kFloat});
    bert.initialize(1);
    bert.forward(model::make_batch(tiny::windows(2, 9), 9, 0, at::kFloat), recorder, true);
    const std::vector<std::vector<double>> expected = {
        {-1, 0, 0.2, 3}, {0, 1, 0.1, 4}, {0, 2, 0.2, 3}, {0, 3, 0.2, 3},
        {1, 1, 0.1, 4},  {1, 2, 0.2, 3}, {1, 3, 0.2, 3}};
    EXPECT_EQ(recorder.asked, expected) << implementation.name;
  }
}

TEST(Baseline, a_sequence_of_padding_alone_attends_evenly) {
  std::vector<model::Window> windows = tiny::windows(2, 7);
  windows[1] = {};
  const Batch batch = model::make_batch(windows, 7, 0, at::kDouble);
  std::vector<at::Tensor> logits;
  for (const auto& implementation : {pytorch_eager(), pytorch_tuned()}) {
    model::BertForSquad bert(tiny::config(), implementation, {.tensors = at::kDouble});
    tiny::randomize(bert, 1);
    logits.push_back(bert.forward(batch, tiny::stock_dropout(), false));
  }
  EXPECT_LT(tiny::relative_error(logits[1], logits[0]), 1e-11);
}

TEST(Baseline, flags_are_refused) {
  for (const auto& implementation : {pytorch_eager(), pytorch_tuned()}) {
    EXPECT_THROW(
        implementation.make_layer(tiny::config(), 0, {.gelu_checkpoint = true}, at::kFloat),
        std::invalid_argument);
  }
}

TEST(Baseline, parameters_have_unique_names_and_biases_and_norms_do_not_decay) {
  for (const auto& implementation : {pytorch_eager(), pytorch_tuned()}) {
    const model::BertForSquad bert(tiny::config(), implementation, {.tensors = at::kFloat});
    std::set<std::string> names;
    for (const model::Parameter& parameter : bert.parameters()) {
      EXPECT_TRUE(names.insert(parameter.name).second) << parameter.name;
      EXPECT_EQ(parameter.decays, parameter.tensor.dim() == 2) << parameter.name;
      EXPECT_TRUE(parameter.tensor.requires_grad() && parameter.tensor.is_leaf());
    }
  }
}

}  // namespace
}  // namespace baseline
