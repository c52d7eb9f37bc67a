#include "checkpoint/names/bert_file.h"

#include <cmath>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "checkpoint/open_checkpoint.h"
#include "tests/checkpoint/tensor_expectations.h"
#include "tests/checkpoint/tensor_map.h"

namespace checkpoint::names {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kWords = "bert.embeddings.word_embeddings.weight";

BertFile open(const std::string& path, std::optional<int64_t> vocabulary = std::nullopt) {
  return BertFile(open_checkpoint(data_folder() + "/" + path), vocabulary);
}

/// Elements of an F32 or F16 tensor.
std::vector<double> values_of(const TensorFile& file, const std::string& name) {
  const size_t index = file.find(name).value();
  const std::vector<std::byte> bytes = file.read(index);
  std::vector<double> values;
  if (file.tensors()[index].dtype == Dtype::kF32) {
    std::vector<float> floats(bytes.size() / 4);
    std::memcpy(floats.data(), bytes.data(), bytes.size());
    return {floats.begin(), floats.end()};
  }
  for (size_t i = 0; i < bytes.size(); i += 2) {
    const unsigned bits =
        std::to_integer<unsigned>(bytes[i]) | (std::to_integer<unsigned>(bytes[i + 1]) << 8);
    const int exponent = static_cast<int>((bits >> 10) & 31);
    const double fraction = (bits & 1023) / 1024.0;
    const double size =
        exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
    values.push_back((bits & 0x8000) != 0 ? -size : size);
  }
  return values;
}

std::string error_of(const TensorMap& map, std::optional<int64_t> vocabulary = std::nullopt) {
  try {
    const BertFile file(std::shared_ptr<const TensorFile>(&map, [](const TensorFile*) {}),
                        vocabulary);
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "no error";
}

TEST(BertFile, a_kernel_checkpoint_has_the_weights_of_the_huggingface_model_in_half_precision) {
  const BertFile half = open("deepspeed", 250);
  const BertFile full = open("pytorch/hf_zip_pytorch_model.bin");
  ASSERT_EQ(half.tensors().size(), full.tensors().size());
  for (const TensorEntry& entry : full.tensors()) {
    const auto place = half.find(entry.name);
    ASSERT_TRUE(place) << entry.name;
    EXPECT_EQ(half.tensors()[*place].shape, entry.shape) << entry.name;
    const std::vector<double> expected = values_of(full, entry.name);
    const std::vector<double> actual = values_of(half, entry.name);
    ASSERT_EQ(actual.size(), expected.size());
    for (size_t i = 0; i < actual.size(); ++i) {
      ASSERT_NEAR(actual[i], expected[i], std::abs(expected[i]) / 2000 + 1e-7) << entry.name;
    }
  }
}

TEST(BertFile, all_files_of_one_model_agree) {
  const BertFile zip = open("pytorch/hf_zip_pytorch_model.bin");
  for (const char* path : {"pytorch/hf_legacy_pytorch_model.bin", "model.safetensors"}) {
    const BertFile other = open(path);
    for (const TensorEntry& entry : zip.tensors()) {
      ASSERT_TRUE(other.find(entry.name)) << entry.name;
      EXPECT_EQ(other.read(*other.find(entry.name)), zip.read(*zip.find(entry.name)));
    }
  }
  // The fixture has no "bert." in its names, and no head.
  const BertFile bare = open("pytorch/allennlp_bert_xsmall.bin");
  EXPECT_EQ(bare.tensors().size(), 23U);
  EXPECT_EQ(bare.read(*bare.find(kWords)), zip.read(*zip.find(kWords)));
}

TEST(BertFile, tensorflow_matrices_come_transposed) {
  const auto raw = open_checkpoint(data_folder() + "/tensorflow/bert_model.ckpt");
  const BertFile file = open("tensorflow/bert_model.ckpt");
  EXPECT_EQ(file.tensors().size(), 5U + 2 * 16 + 2);
  EXPECT_TRUE(file.unknown().empty());
  const std::string name = "bert.encoder.layer.1.intermediate.dense.weight";
  EXPECT_EQ(file.tensors()[*file.find(name)].shape, (std::vector<int64_t>{16, 4}));
  const auto source = values_of(*raw, "bert/encoder/layer_1/intermediate/dense/kernel");
  const auto values = values_of(file, name);
  for (size_t input = 0; input < 4; ++input) {
    for (size_t output = 0; output < 16; ++output) {
      EXPECT_EQ(values[output * 4 + input], source[input * 16 + output]);
    }
  }
}

TEST(BertFile, pre_layer_norm_shows_by_its_last_layer_norm) {
  EXPECT_TRUE(open("deepspeed/ds_preln_kernel.pt").is_pre_layer_norm());
  EXPECT_FALSE(open("deepspeed").is_pre_layer_norm());
}

TEST(BertFile, thirds_of_a_packed_tensor_are_its_rows) {
  TensorMap map;
  map.with("bert.encoder.layer.0.attn_qkvb", {6}, 10);
  const BertFile file(std::shared_ptr<const TensorFile>(&map, [](const TensorFile*) {}));
  EXPECT_THAT(file.read(*file.find("bert.encoder.layer.0.attention.self.key.bias")),
              ElementsAre(std::byte{12}, std::byte{13}));
}

TEST(BertFile, vocabularies_are_padded_with_zeros_and_cut_to_eights) {
  TensorMap map;
  map.with(kWords, {3, 1}, 1);
  const std::shared_ptr<const TensorFile> source(&map, [](const TensorFile*) {});
  const BertFile longer(source, 8);
  EXPECT_THAT(longer.read(0), ElementsAre(std::byte{1}, std::byte{2}, std::byte{3}, std::byte{0},
                                          std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}));
  const BertFile shorter(source, 2);
  EXPECT_THAT(shorter.read(0), ElementsAre(std::byte{1}, std::byte{2}));
  EXPECT_THAT(error_of(map, 9), HasSubstr("3 words, not 9"));
}

TEST(BertFile, what_is_no_bert_says_so) {
  EXPECT_THAT(error_of(TensorMap().with("roberta.pooler", {1})),
              HasSubstr("none of its 1 tensors"));
  EXPECT_THAT(error_of(TensorMap()
                           .with("bert.encoder.layer.0.attn_qkvb", {6})
                           .with("bert.encoder.layer.0.attention.self.key.bias", {2})),
              HasSubstr("twice"));
  EXPECT_THAT(error_of(TensorMap().with("bert.encoder.layer.0.attn_qkvb", {7})),
              HasSubstr("multiple of 3"));
  EXPECT_THAT(error_of(TensorMap().with("bert/pooler/dense/kernel", {7})), HasSubstr("no matrix"));
}

}  // namespace
}  // namespace checkpoint::names
