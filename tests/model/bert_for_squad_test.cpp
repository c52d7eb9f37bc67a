#include "model/bert_for_squad.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "baseline/implementations.h"
#include "tests/model/tiny_bert.h"

namespace model {
namespace {

BertForSquad double_bert(const BertConfig& config) {
  return BertForSquad(config, baseline::pytorch_eager(), {.tensors = at::kDouble});
}

TEST(BertForSquad, pre_layer_norm_ends_with_a_layer_norm_of_its_own) {
  BertConfig config = tiny::config();
  EXPECT_EQ(double_bert(config).weights().size(), 5U + 2 * 16 + 2);
  config.layer_norm = LayerNormPlacement::kPre;
  BertForSquad bert = double_bert(config);
  EXPECT_EQ(bert.weights().size(), 5U + 2 * 16 + 4);
  bert.initialize(1);
  const Batch batch = make_batch(tiny::windows(2, 9), 9, 0, at::kDouble);
  const at::Tensor hidden = bert.encode(batch, tiny::stock_dropout(), true);
  EXPECT_LT(hidden.mean(-1).abs().max().item<double>(), 1e-10);
  EXPECT_LT((hidden.var(-1, false) - 1.0).abs().max().item<double>(), 1e-6);
}

TEST(BertForSquad, padding_does_not_influence_real_positions) {
  const std::vector<Window> windows = tiny::windows(3, 9);
  BertForSquad bert = double_bert(tiny::config());
  tiny::randomize(bert, 1);
  const auto dropout = tiny::stock_dropout();
  const at::Tensor narrow = bert.forward(make_batch(windows, 9, 0, at::kDouble), dropout, false);
  const at::Tensor wide = bert.forward(make_batch(windows, 20, 0, at::kDouble), dropout, false);
  for (size_t i = 0; i < windows.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    const auto length = static_cast<int64_t>(windows[i].input_ids.size());
    EXPECT_LT(
        tiny::relative_error(wide[row].narrow(0, 0, length), narrow[row].narrow(0, 0, length)),
        1e-12);
  }
}

TEST(BertForSquad, initial_weights_follow_from_the_name_and_the_seed) {
  std::map<std::string, at::Tensor> first;
  BertForSquad eager(tiny::config(), baseline::pytorch_eager(), {.tensors = at::kFloat});
  eager.initialize(7);
  for (const WeightView& weight : eager.weights()) first[weight.name] = weight.value();
  BertForSquad tuned(tiny::config(), baseline::pytorch_tuned(), {.tensors = at::kBFloat16});
  tuned.initialize(7);
  ASSERT_EQ(tuned.weights().size(), first.size());
  for (const WeightView& weight : tuned.weights()) {
    ASSERT_TRUE(first.contains(weight.name)) << weight.name;
    EXPECT_TRUE(at::equal(weight.value(), first[weight.name].to(at::kBFloat16))) << weight.name;
  }
  const at::Tensor words = first.at("bert.embeddings.word_embeddings.weight");
  EXPECT_NEAR(words.std().item<double>(), 0.02, 0.002);
  EXPECT_NEAR(words.mean().item<double>(), 0.0, 0.002);
  EXPECT_TRUE(at::equal(first.at("bert.embeddings.LayerNorm.weight"), at::ones({15})));
  EXPECT_TRUE(at::equal(first.at("qa_outputs.bias"), at::zeros({2})));
  EXPECT_FALSE(at::equal(first.at("bert.encoder.layer.0.attention.self.query.weight"),
                         first.at("bert.encoder.layer.0.attention.self.key.weight")));
  const at::Tensor kept = words.clone();
  eager.initialize(8);
  EXPECT_FALSE(at::equal(words, kept));
}

TEST(BertForSquad, the_loss_is_computed_in_fp32_for_bf16_logits) {
  const Batch batch = make_batch(tiny::windows(2, 9), 9, 0, at::kBFloat16);
  const at::Tensor logits = at::randn({2, 9, 2}).to(at::kBFloat16);
  const at::Tensor loss = span_loss(logits, batch, batch.targets);
  EXPECT_EQ(loss.scalar_type(), at::kFloat);
  EXPECT_EQ(loss.item<float>(),
            span_loss(logits.to(at::kFloat), batch, batch.targets).item<float>());
}

TEST(BertForSquad, a_batch_without_targets_has_no_loss_and_no_gradient) {
  Window window{.input_ids = {1, 2}, .token_type_ids = {0, 0}};
  const Batch batch = make_batch(std::span(&window, 1), 4, 0, at::kFloat);
  EXPECT_EQ(batch.targets.starts, 0);
  at::Tensor logits = at::randn({1, 4, 2}).requires_grad_(true);
  const at::Tensor loss = span_loss(logits, batch, batch.targets);
  loss.backward();
  EXPECT_EQ(loss.item<float>(), 0.0F);
  EXPECT_EQ(logits.grad().abs().max().item<float>(), 0.0F);
}

TEST(BertForSquad, impossible_shapes_and_lengths_are_refused) {
  const auto message = [](const BertConfig& config) -> std::string {
    try {
      double_bert(config);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  BertConfig config = tiny::config();
  config.heads = 4;
  EXPECT_EQ(message(config), "BERT's hidden size 15 is not a multiple of its 4 heads");
  config.heads = 0;
  EXPECT_EQ(message(config), "BERT's heads is 0; it must be at least 1");
  BertForSquad bert = double_bert(tiny::config());
  bert.initialize(1);
  const Batch batch = make_batch(tiny::windows(1, 9), 25, 0, at::kDouble);
  EXPECT_THROW(bert.encode(batch, tiny::stock_dropout(), true), std::invalid_argument);
}

}  // namespace
}  // namespace model
