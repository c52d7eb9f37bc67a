#include "harness/spec/model_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/spec/spec_files.h"

namespace harness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

class ModelSpecTest : public SpecFiles {
 protected:
  ModelShape shape(const std::string& model) const {
    auto document = smallest_document();
    document["model"] = nlohmann::ordered_json::parse(model);
    return read(document).models.at(0).shape;
  }
  std::string error(const std::string& model) const { return error_with("/model", model); }

  static nlohmann::json config() {
    return nlohmann::json::parse(R"({"vocab_size": 100, "hidden_size": 64, "num_hidden_layers": 3,
      "num_attention_heads": 4, "intermediate_size": 256, "max_position_embeddings": 400,
      "type_vocab_size": 2, "hidden_act": "gelu_new", "hidden_dropout_prob": 0.2,
      "attention_probs_dropout_prob": 0.3, "architectures": ["BertModel"]})");
  }
};

TEST_F(ModelSpecTest, overrides_what_the_preset_says) {
  const ModelShape got = shape(R"({"preset": "bert-base", "layers": 2, "hidden": 512, "heads": 8,
    "intermediate": 100, "vocabulary": 40000, "max_positions": 1024, "token_types": 3,
    "layer_norm_eps": 1e-5, "layer_norm": "pre", "gelu": "tanh",
    "dropout": {"attention": 0, "hidden": 0.5}})");
  EXPECT_EQ(got,
            (ModelShape{"bert-base", 2, 512, 8, 100, 40000, 1024, 3, 1e-5, "pre", "tanh", 0, 0.5}));
}

TEST_F(ModelSpecTest, knows_the_presets) {
  EXPECT_EQ(
      shape(R"({"preset": "minilm-l6"})"),
      (ModelShape{"minilm-l6", 6, 384, 12, 1536, 30522, 512, 2, 1e-12, "post", "erf", 0.1, 0.1}));
  EXPECT_EQ(shape(R"({"preset": "bert-base"})").hidden, 768);
  EXPECT_THAT(error(R"({"preset": "bert-huge"})"),
              StartsWith(" /model/preset: unknown preset \"bert-huge\"; "));
}

TEST_F(ModelSpecTest, reads_a_bert_config) {
  write("config.json", config().dump());
  EXPECT_EQ(
      shape(R"({"config": "config.json"})"),
      (ModelShape{"config.json", 3, 64, 4, 256, 100, 400, 2, 1e-12, "post", "tanh", 0.3, 0.2}));
}

TEST_F(ModelSpecTest, names_the_config_file_in_its_errors) {
  auto bad = config();
  bad["hidden_act"] = "relu";
  write("config.json", bad.dump());
  EXPECT_THAT(error(R"({"config": "config.json"})"),
              HasSubstr("config.json: /hidden_act: unknown hidden_act \"relu\""));
  bad = config();
  bad.erase("vocab_size");
  write("config.json", bad.dump());
  EXPECT_THAT(error(R"({"config": "config.json"})"),
              HasSubstr("config.json: /vocab_size: the key"));
  bad = config();
  bad["num_attention_heads"] = 7;
  write("config.json", bad.dump());
  EXPECT_THAT(
      error(R"({"config": "config.json"})"),
      HasSubstr("config.json: /num_attention_heads: hidden size 64 cannot be split among 7"));
  EXPECT_THAT(error(R"({"config": "nowhere.json"})"), StartsWith(" /model/config: no file "));
}

TEST_F(ModelSpecTest, refuses_configs_of_other_models) {
  auto document = config();
  document["model_type"] = "bert";
  document["position_embedding_type"] = "absolute";
  write("config.json", document.dump());
  EXPECT_EQ(error(R"({"config": "config.json"})"), "");
  document["position_embedding_type"] = "relative_key";
  write("config.json", document.dump());
  EXPECT_THAT(error(R"({"config": "config.json"})"),
              HasSubstr("config.json: /position_embedding_type: \"relative_key\" where only "
                        "\"absolute\" is read; "));
  document = config();
  document["model_type"] = "roberta";
  write("config.json", document.dump());
  EXPECT_THAT(error(R"({"config": "config.json"})"),
              HasSubstr("config.json: /model_type: \"roberta\" where only \"bert\" is read; "));
}

TEST_F(ModelSpecTest, needs_exactly_one_of_preset_and_config) {
  EXPECT_THAT(error(R"({"layers": 2})"), StartsWith(" /model: exactly one of"));
  EXPECT_THAT(error(R"({"preset": "bert-base", "config": "c.json"})"),
              StartsWith(" /model: exactly one of"));
}

TEST_F(ModelSpecTest, refuses_impossible_values) {
  EXPECT_THAT(error_with("/model/heads", "7"),
              StartsWith(" /model/heads: hidden size 384 cannot be split among 7 heads"));
  EXPECT_THAT(error_with("/axes/heads", "[6, 7]"), StartsWith(" /axes/heads/1: hidden size 384"));
  EXPECT_THAT(error_with("/model/hidden", "385"), StartsWith(" /model: hidden size 385"));
  for (const char* value : {"1", "-0.1", "1.5", "\"0.1\"", "null"}) {
    EXPECT_THAT(error_with("/model/dropout", value), StartsWith(" /model/dropout: ")) << value;
  }
  EXPECT_THAT(error_with("/model/dropout", R"({"attention": 0.1})"),
              StartsWith(" /model/dropout/hidden: the key is required"));
  EXPECT_THAT(error_with("/model/layers", "0"), StartsWith(" /model/layers: expected an integer"));
  EXPECT_THAT(error_with("/model/layer_norm_eps", "0"), StartsWith(" /model/layer_norm_eps: "));
  EXPECT_THAT(error_with("/model/layer_norm", R"("mid")"), StartsWith(" /model/layer_norm: "));
  EXPECT_THAT(error_with("/model/gelu", R"("fast")"), StartsWith(" /model/gelu: unknown GELU"));
}

TEST_F(ModelSpecTest, scalars_may_be_axes_the_first_varying_slowest) {
  auto document = smallest_document();
  document["model"] = nlohmann::ordered_json::object();
  document["axes"]["preset"] = {"minilm-l6", "bert-base"};
  document["axes"]["dropout"] = nlohmann::ordered_json::parse("[0, 0.10]");
  const auto models = read(document).models;
  ASSERT_EQ(models.size(), 4U);
  EXPECT_THAT(models[1].axes, ElementsAre(Pair("dropout", "0.1"), Pair("preset", "minilm-l6")));
  EXPECT_THAT(models[2].axes, ElementsAre(Pair("dropout", "0"), Pair("preset", "bert-base")));
  EXPECT_EQ(models[2].shape.layers, 12);
  EXPECT_EQ(models[2].shape.hidden_dropout, 0);
}

TEST_F(ModelSpecTest, refuses_a_scalar_that_is_given_twice) {
  auto document = smallest_document();
  document["model"]["layers"] = 1;
  document["axes"]["layers"] = {1, 2};
  EXPECT_THAT(error_of(document), StartsWith(" /axes/layers: the axis is also given in 'model'"));
}

TEST_F(ModelSpecTest, an_axis_value_is_checked_where_it_stands) {
  EXPECT_THAT(error_with("/axes/layers", "[1, 0]"), StartsWith(" /axes/layers/1: expected an"));
  EXPECT_THAT(error_with("/axes/dropout", R"([{"attention": 0, "hidden": 0}])"),
              StartsWith(" /axes/dropout/0: expected a string or a number"));
}

TEST_F(ModelSpecTest, bounds_the_product_of_the_axes) {
  auto document = smallest_document();
  for (const char* axis : {"layers", "intermediate", "vocabulary"}) {
    for (int i = 1; i <= 400; ++i) {
      document["axes"][axis].push_back(i);
    }
  }
  EXPECT_THAT(error_of(document), StartsWith(" /axes: the sweep has more than 100000 cells"));
}

}  // namespace
}  // namespace harness
