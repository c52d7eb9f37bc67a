#include "model/checkpointed_layer.h"

#include <gtest/gtest.h>

#include "baseline/implementations.h"
#include "tests/model/tiny_bert.h"

namespace model {
namespace {

/// Dropout whose bits follow from the key, and which counts its calls.
class KeyedDropout : public DropoutSource {
 public:
  at::Tensor apply(const at::Tensor& input, double p, const DropoutKey& key,
                   const SequenceLayout&) const override {
    ++calls;
    const at::Generator generator = at::detail::createCPUGenerator(
        key.seed * 1000 + key.step * 100 + static_cast<uint64_t>(key.layer + 1) * 10 +
        static_cast<uint64_t>(key.site));
    const at::Tensor mask = at::empty_like(input).bernoulli_(1 - p, generator);
    return input * mask / (1 - p);
  }
  mutable int calls = 0;
};

struct Result {
  at::Tensor loss;
  std::vector<std::pair<std::string, at::Tensor>> gradients;
  at::Tensor next_random;
};

/// Two accumulated micro-batches with dropout.
Result train(bool activation_checkpoint, LayerNormPlacement placement, DropoutSource& dropout,
             const at::TensorOptions& options) {
  BertConfig config = tiny::config();
  config.layer_norm = placement;
  config.attention_dropout = 0.2;
  config.hidden_dropout = 0.3;
  BertForSquad bert(config, baseline::pytorch_eager(),
                    {.activation_checkpoint = activation_checkpoint, .tensors = options});
  tiny::randomize(bert, 3);
  at::manual_seed(5);
  dropout.begin_step(1, 2);
  Result result;
  for (uint32_t seed = 1; seed <= 2; ++seed) {
    const Batch batch = make_batch(tiny::windows(3, 11, seed), 11, 0, options);
    result.loss = span_loss(bert.forward(batch, dropout, true), batch, batch.targets);
    result.loss.backward();
  }
  result.gradients = tiny::gradients(bert);
  result.next_random = at::rand({4});
  return result;
}

void expect_equal_bits(const Result& actual, const Result& expected) {
  EXPECT_TRUE(at::equal(actual.loss, expected.loss));
  ASSERT_EQ(actual.gradients.size(), expected.gradients.size());
  for (size_t i = 0; i < actual.gradients.size(); ++i) {
    EXPECT_TRUE(at::equal(actual.gradients[i].second, expected.gradients[i].second))
        << expected.gradients[i].first;
  }
}

TEST(CheckpointedLayer, stock_dropout_gives_equal_bits) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    for (const auto placement : {LayerNormPlacement::kPost, LayerNormPlacement::kPre}) {
      auto dropout = tiny::stock_dropout();
      const Result plain = train(false, placement, dropout, dtype);
      const Result checkpointed = train(true, placement, dropout, dtype);
      expect_equal_bits(checkpointed, plain);
      EXPECT_TRUE(at::equal(checkpointed.next_random, plain.next_random))
          << "the recomputation moved the generator";
    }
  }
}

TEST(CheckpointedLayer, keyed_dropout_gives_equal_bits_and_runs_the_layers_twice) {
  KeyedDropout plain_dropout;
  KeyedDropout checkpointed_dropout;
  const Result plain = train(false, LayerNormPlacement::kPost, plain_dropout, at::kFloat);
  const Result checkpointed =
      train(true, LayerNormPlacement::kPost, checkpointed_dropout, at::kFloat);
  expect_equal_bits(checkpointed, plain);
  constexpr int kEmbeddingCalls = 2;
  EXPECT_EQ(checkpointed_dropout.calls - kEmbeddingCalls,
            2 * (plain_dropout.calls - kEmbeddingCalls));
}

TEST(CheckpointedLayer, parameters_get_gradients_where_the_input_needs_none) {
  const auto implementation = baseline::pytorch_eager();
  CheckpointedLayer layer(implementation.make_layer(tiny::config(), 0, {}, at::kFloat));
  const Batch batch = make_batch(tiny::windows(2, 5), 5, 0, at::kFloat);
  for (const Parameter& parameter : layer.parameters()) {
    const at::NoGradGuard no_grad;
    parameter.tensor.detach().normal_();
  }
  layer.forward(at::randn({2, 5, 15}), batch.layout, tiny::stock_dropout(), true)
      .square()
      .sum()
      .backward();
  for (const Parameter& parameter : layer.parameters()) {
    EXPECT_TRUE(parameter.tensor.grad().defined()) << parameter.name;
  }
}

TEST(CheckpointedLayer, an_error_of_the_recomputation_keeps_its_type_and_the_generator) {
  struct FailsInBackward : DropoutSource {
    at::Tensor apply(const at::Tensor& input, double p, const DropoutKey&,
                     const SequenceLayout&) const override {
      TORCH_CHECK_WITH(OutOfMemoryError, ++calls <= 3, "out of memory");
      return at::dropout(input, p, true);
    }
    mutable int calls = 0;
  };
  const auto implementation = baseline::pytorch_eager();
  CheckpointedLayer layer(implementation.make_layer(tiny::config(), 0, {}, at::kFloat));
  const Batch batch = make_batch(tiny::windows(2, 5), 5, 0, at::kFloat);
  const FailsInBackward dropout;
  at::manual_seed(1);
  const at::Tensor output = layer.forward(at::ones({2, 5, 15}), batch.layout, dropout, true);
  const at::Generator generator = at::detail::getDefaultCPUGenerator();
  const at::Tensor before = generator.get_state();
  EXPECT_THROW(output.sum().backward(), c10::OutOfMemoryError);
  EXPECT_TRUE(at::equal(generator.get_state(), before));
}

TEST(CheckpointedLayer, nothing_is_recorded_without_gradients) {
  const auto implementation = baseline::pytorch_eager();
  CheckpointedLayer layer(implementation.make_layer(tiny::config(), 0, {}, at::kFloat));
  const Batch batch = make_batch(tiny::windows(2, 5), 5, 0, at::kFloat);
  const at::NoGradGuard no_grad;
  EXPECT_FALSE(layer.forward(at::zeros({2, 5, 15}), batch.layout, tiny::stock_dropout(), true)
                   .requires_grad());
}

}  // namespace
}  // namespace model
