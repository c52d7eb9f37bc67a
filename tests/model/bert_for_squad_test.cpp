#include "model/bert_for_squad.h"

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "baseline/implementations.h"
#include "checkpoint/names/bert_file.h"
#include "checkpoint/open_checkpoint.h"
#include "model/weight_file.h"
#include "tests/model/tiny_bert.h"

namespace model {
namespace {

const std::string kTests = std::string(BENCH_SOURCE_DIR) + "/tests/";

BertForSquad double_bert(const BertConfig& config) {
  return BertForSquad(config, baseline::pytorch_eager(), {.tensors = at::kDouble});
}

/// The tiny BERT of the reference forward.
BertConfig reference_config(const std::string& gelu) {
  BertConfig config;
  config.layers = 1;
  config.hidden = 20;
  config.heads = 1;
  config.intermediate = 40;
  config.vocabulary = 250;
  config.max_positions = 512;
  config.token_types = 2;
  config.gelu = gelu == "tanh" ? Gelu::kTanh : Gelu::kErf;
  config.attention_dropout = 0;
  config.hidden_dropout = 0;
  return config;
}

/// The reference's sequences; it ignores positions from the sequence length up and takes negative
/// ones for 0.
Batch reference_batch(const nlohmann::json& sample) {
  std::vector<Window> windows;
  const auto ids = sample.at("input_ids").get<std::vector<std::vector<int64_t>>>();
  const auto types = sample.at("segment_ids").get<std::vector<std::vector<int64_t>>>();
  const auto masks = sample.at("input_mask").get<std::vector<std::vector<int64_t>>>();
  const auto position = [&](const char* key, size_t row) {
    const auto value = sample.at(key).at(row).get<int64_t>();
    return value >= 16 ? kIgnoredTarget : std::max<int64_t>(value, 0);
  };
  for (size_t row = 0; row < ids.size(); ++row) {
    const auto length = std::count(masks[row].begin(), masks[row].end(), 1);
    Window window;
    window.input_ids.assign(ids[row].begin(), ids[row].begin() + length);
    window.token_type_ids.assign(types[row].begin(), types[row].begin() + length);
    window.start_position = position("start_positions", row);
    window.end_position = position("end_positions", row);
    windows.push_back(window);
  }
  return make_batch(windows, 16, 0, at::kDouble);
}

at::Tensor reference_logits(const nlohmann::json& rows) {
  std::vector<double> flat;
  for (const auto& row : rows.get<std::vector<std::vector<double>>>()) {
    flat.insert(flat.end(), row.begin(), row.end());
  }
  return at::from_blob(flat.data(), {2, 16}, at::kDouble).clone();
}

TEST(BertForSquad, logits_loss_and_gradients_are_those_of_the_bing_bert_squad_model) {
  std::ifstream stream(kTests + "model/data/forward.json");
  const nlohmann::json samples = nlohmann::json::parse(stream).at("cases");
  ASSERT_EQ(samples.size(), 4U);
  for (const nlohmann::json& sample : samples) {
    BertForSquad bert = double_bert(reference_config(sample.at("gelu")));
    load_weights(bert,
                 checkpoint::names::BertFile(
                     checkpoint::open_checkpoint(kTests + "checkpoint/data/model.safetensors")),
                 /*seed=*/1);
    const Batch batch = reference_batch(sample);
    const at::Tensor logits = bert.forward(batch, tiny::stock_dropout(), true);
    const at::Tensor starts = reference_logits(sample.at("start_logits"));
    const at::Tensor ends = reference_logits(sample.at("end_logits"));
    EXPECT_LT(tiny::relative_error(logits.select(-1, 0), starts), 1e-9);
    EXPECT_LT(tiny::relative_error(logits.select(-1, 1), ends), 1e-9);
    // There the logits of padding compete in the softmax: the loss of an unmasked batch.
    Batch published = batch;
    published.layout.additive_mask = at::zeros_like(batch.layout.additive_mask);
    const at::Tensor loss = span_loss(logits, published, batch.targets);
    EXPECT_NEAR(loss.item<double>(), sample.at("loss").get<double>(), 1e-9);
    if (!sample.contains("grads")) continue;
    loss.backward();
    for (const auto& [name, gradient] : tiny::gradients(bert)) {
      const nlohmann::json& expected = sample.at("grads").at(name);
      const double norm = expected.at("l2").get<double>();
      EXPECT_NEAR(gradient.norm().item<double>(), norm, 1e-9 * norm + 1e-12) << name;
      const at::Tensor flat = gradient.flatten();
      const auto first = expected.at("first").get<std::vector<double>>();
      for (size_t i = 0; i < first.size(); ++i) {
        EXPECT_NEAR(flat[static_cast<int64_t>(i)].item<double>(), first[i], 1e-9 * norm + 1e-12)
            << name << " " << i;
      }
    }
  }
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
