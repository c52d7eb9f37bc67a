#include "model/weight_file.h"

#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "baseline/implementations.h"
#include "checkpoint/checkpoint_error.h"
#include "checkpoint/open_checkpoint.h"
#include "tests/checkpoint/tensor_map.h"
#include "tests/model/tiny_bert.h"

namespace model {
namespace {

using checkpoint::names::BertFile;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

BertFile open(const std::string& path) {
  return BertFile(
      checkpoint::open_checkpoint(std::string(BENCH_SOURCE_DIR) + "/tests/checkpoint/data/" + path),
      /*vocabulary=*/250);
}

/// The shape of the random models of tests/checkpoint/data.
BertConfig file_config() {
  BertConfig config;
  config.layers = 1;
  config.hidden = 20;
  config.heads = 1;
  config.intermediate = 40;
  config.vocabulary = 250;
  config.max_positions = 512;
  config.token_types = 2;
  return config;
}

BertForSquad make(const BertConfig& config, at::ScalarType dtype = at::kFloat) {
  return BertForSquad(config, baseline::pytorch_eager(), {.tensors = dtype});
}

std::map<std::string, at::Tensor> values(const BertForSquad& bert) {
  std::map<std::string, at::Tensor> all;
  for (const WeightView& weight : bert.weights()) all[weight.name] = weight.value().detach();
  return all;
}

void expect_equal(const BertForSquad& actual, const BertForSquad& expected) {
  const auto wanted = values(expected);
  for (const auto& [name, value] : values(actual)) {
    EXPECT_TRUE(at::equal(value, wanted.at(name))) << name;
  }
}

TEST(WeightFile, one_model_in_three_formats_gives_the_same_weights) {
  BertForSquad expected = make(file_config());
  EXPECT_THAT(load_weights(expected, open("model.safetensors"), 1).initialized, IsEmpty());
  for (const char* file :
       {"pytorch/hf_zip_pytorch_model.bin", "pytorch/hf_legacy_pytorch_model.bin"}) {
    SCOPED_TRACE(file);
    BertForSquad bert = make(file_config());
    load_weights(bert, open(file), 1);
    expect_equal(bert, expected);
  }
}

TEST(WeightFile, deepspeeds_half_precision_is_widened) {
  BertForSquad wide = make(file_config());
  load_weights(wide, open("model.safetensors"), 1);
  BertForSquad bert = make(file_config());
  load_weights(bert, open("deepspeed"), 1);
  const auto wanted = values(wide);
  for (const auto& [name, value] : values(bert)) {
    EXPECT_TRUE(at::equal(value, wanted.at(name).to(at::kHalf).to(at::kFloat))) << name;
  }
}

TEST(WeightFile, weights_are_rounded_to_the_models_dtype) {
  BertForSquad wide = make(file_config());
  load_weights(wide, open("model.safetensors"), 1);
  BertForSquad narrow = make(file_config(), at::kBFloat16);
  load_weights(narrow, open("model.safetensors"), 1);
  const auto wanted = values(wide);
  for (const auto& [name, value] : values(narrow)) {
    EXPECT_TRUE(at::equal(value, wanted.at(name).to(at::kBFloat16))) << name;
  }
}

TEST(WeightFile, a_span_head_that_is_missing_follows_from_the_seed) {
  BertForSquad seeded = make(file_config());
  seeded.initialize(7);
  BertForSquad bert = make(file_config());
  const LoadedWeights loaded = load_weights(bert, open("pytorch/allennlp_bert_xsmall.bin"), 7);
  EXPECT_THAT(loaded.initialized, UnorderedElementsAre("qa_outputs.weight", "qa_outputs.bias"));
  EXPECT_THAT(loaded.passed_by, Contains("bert.pooler.dense.weight"));
  const std::string words = "bert.embeddings.word_embeddings.weight";
  EXPECT_TRUE(at::equal(values(bert)["qa_outputs.weight"], values(seeded)["qa_outputs.weight"]));
  EXPECT_FALSE(at::equal(values(bert)[words], values(seeded)[words]));
}

TEST(WeightFile, pre_layer_norm_files_want_a_pre_layer_norm_model_and_no_others) {
  BertForSquad post = make(file_config());
  EXPECT_THROW(load_weights(post, open("deepspeed/ds_preln_kernel.pt"), 1),
               checkpoint::CheckpointError);
  BertConfig config = file_config();
  config.layer_norm = LayerNormPlacement::kPre;
  BertForSquad pre = make(config);
  EXPECT_THROW(load_weights(pre, open("model.safetensors"), 1), checkpoint::CheckpointError);
}

TEST(WeightFile, what_is_written_is_read_back_in_every_dtype) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("weight_file_test." + std::to_string(::getpid()) + ".safetensors");
  for (const auto dtype : {at::kFloat, at::kBFloat16, at::kDouble}) {
    BertForSquad bert = make(tiny::config(), dtype);
    tiny::randomize(bert, 3);
    write_weights(file, bert);
    BertForSquad again = make(tiny::config(), dtype);
    EXPECT_THAT(load_weights(again, BertFile(checkpoint::open_checkpoint(file)), 1).initialized,
                IsEmpty());
    expect_equal(again, bert);
  }
  std::filesystem::remove(file);
}

TEST(WeightFile, integers_are_no_weights_and_nothing_changes) {
  BertForSquad bert = make(tiny::config());
  bert.initialize(1);
  const at::Tensor before = values(bert)["bert.embeddings.word_embeddings.weight"].clone();
  checkpoint::TensorMap map;
  for (const auto& [name, value] : values(bert)) map.with(name, value.sizes().vec());
  const BertFile file(std::shared_ptr<const checkpoint::TensorFile>(&map, [](const auto*) {}));
  try {
    load_weights(bert, file, 1);
    FAIL() << "integers were taken for weights";
  } catch (const checkpoint::CheckpointError& error) {
    EXPECT_THAT(error.what(), HasSubstr("is U8, not of a floating-point type"));
  }
  EXPECT_TRUE(at::equal(values(bert)["bert.embeddings.word_embeddings.weight"], before));
}

}  // namespace
}  // namespace model
