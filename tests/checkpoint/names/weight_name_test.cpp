#include "checkpoint/names/weight_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/names/weight_table.h"

namespace checkpoint::names {
namespace {

using testing::ElementsAre;

/// The one weight that `name` is, or "?".
std::string weight_of(const std::string& name) {
  const NameMeaning meaning = meaning_of(name);
  return meaning.weights.size() == 1 ? meaning.weights[0].name : "?";
}

TEST(WeightName, every_scheme_leads_back_to_huggingface) {
  std::vector<std::string> names;
  for (const WeightRow& row : kModelWeights) names.emplace_back(row.huggingface);
  for (const WeightRow& row : kLayerWeights) {
    names.push_back("bert.encoder.layer.11." + std::string(row.huggingface));
  }
  for (const std::string& name : names) {
    for (const Scheme scheme :
         {Scheme::kHuggingFace, Scheme::kTensorFlow, Scheme::kBingBert, Scheme::kKernel}) {
      for (const bool pre : {false, true}) {
        const std::string other = name_in(scheme, name, pre);
        if (other.empty()) continue;
        const auto weights = meaning_of(other).weights;
        EXPECT_TRUE(std::any_of(weights.begin(), weights.end(), [&](const WeightName& weight) {
          return weight.name == name;
        })) << other;
      }
    }
  }
}

TEST(WeightName, names_as_the_published_checkpoints_have_them) {
  EXPECT_EQ(name_in(Scheme::kTensorFlow, "bert.encoder.layer.3.intermediate.dense.weight", false),
            "bert/encoder/layer_3/intermediate/dense/kernel");
  EXPECT_EQ(name_in(Scheme::kBingBert, "bert.encoder.layer.3.output.LayerNorm.bias", true),
            "bert.encoder.layer.3.PreAttentionLayerNorm.bias");
  EXPECT_EQ(name_in(Scheme::kKernel, "bert.encoder.layer.3.attention.self.key.weight", true),
            "bert.encoder.layer.3.attn_qkvw");
  EXPECT_EQ(name_in(Scheme::kTensorFlow, "qa_outputs.weight", false), "cls/squad/output_weights");
  EXPECT_EQ(name_in(Scheme::kTensorFlow, "bert.encoder.FinalLayerNorm.weight", true), "");
  EXPECT_EQ(name_in(Scheme::kKernel, "no.weight", false), "");
}

TEST(WeightName, a_packed_qkv_is_three_weights) {
  const std::string layer = "bert.encoder.layer.0.attention.self.";
  EXPECT_THAT(meaning_of("module/bert.encoder.layer.0.attn_qkvw").weights,
              ElementsAre(WeightName{layer + "query.weight", Part::kQuery},
                          WeightName{layer + "key.weight", Part::kKey},
                          WeightName{layer + "value.weight", Part::kValue}));
}

TEST(WeightName, only_kernels_of_tensorflow_are_transposed) {
  EXPECT_THAT(meaning_of("bert/pooler/dense/kernel").weights,
              ElementsAre(WeightName{"bert.pooler.dense.weight", Part::kWhole, true}));
  EXPECT_THAT(meaning_of("cls/squad/output_weights").weights,
              ElementsAre(WeightName{"qa_outputs.weight"}));
  EXPECT_THAT(meaning_of("bert/embeddings/word_embeddings").weights,
              ElementsAre(WeightName{"bert.embeddings.word_embeddings.weight"}));
}

TEST(WeightName, prefixes_and_old_norm_names_go) {
  const std::string norm = "bert.encoder.layer.2.attention.output.LayerNorm.weight";
  EXPECT_EQ(weight_of("encoder.layer.2.attention.output.LayerNorm.gamma"), norm);
  EXPECT_EQ(weight_of("module.bert.encoder.layer.2.attention.output.LayerNorm.gamma"), norm);
  EXPECT_EQ(weight_of("model_state_dict/bert.encoder.layer.2.PostAttentionLayerNorm.weight"), norm);
  EXPECT_EQ(weight_of("module/bert.encoder.layer.2.attn_nw"), norm);
  EXPECT_EQ(weight_of("state_dict/module.bert.pooler.dense_act.bias"), "bert.pooler.dense.bias");
  EXPECT_EQ(weight_of("embeddings.LayerNorm.beta"), "bert.embeddings.LayerNorm.bias");
}

TEST(WeightName, what_is_known_and_no_weight) {
  for (const char* name : {"cls.predictions.bias", "cls/seq_relationship/output_bias",
                           "global_step", "bert/encoder/layer_0/output/dense/kernel/adam_m",
                           "embeddings.position_ids", "optimizer/state/0/exp_avg"}) {
    EXPECT_EQ(meaning_of(name).kind, NameKind::kOther) << name;
  }
  for (const char* name :
       {"", "bert", "bert.encoder.layer.", "bert.encoder.layer.x.attn_ow", "roberta.pooler.bias",
        "bert.encoder.layer.01.attn_ow", "bert.encoder.layer.0.attn_ow.more",
        "bert.encoder.layer.99999999999.attn_ow", "bert/encoder/layer_0/attn_ow/x"}) {
    EXPECT_EQ(meaning_of(name).kind, NameKind::kUnknown) << name;
  }
}

}  // namespace
}  // namespace checkpoint::names
