#include "checkpoint/names/checkpoint_type.h"

#include <gtest/gtest.h>

#include "checkpoint/open_checkpoint.h"
#include "tests/checkpoint/tensor_expectations.h"
#include "tests/checkpoint/tensor_map.h"

namespace checkpoint::names {
namespace {

std::string type_of_file(const std::string& path) {
  return type_name(type_of(*open_checkpoint(data_folder() + "/" + path)));
}

TEST(CheckpointType, follows_from_what_the_file_holds) {
  EXPECT_EQ(type_of_file("pytorch/hf_zip_pytorch_model.bin"), "HF");
  EXPECT_EQ(type_of_file("pytorch/allennlp_bert_xsmall.bin"), "HF");
  EXPECT_EQ(type_of_file("model.safetensors"), "HF");
  EXPECT_EQ(type_of_file("tensorflow/bert_model.ckpt"), "TF");
  EXPECT_EQ(type_of_file("deepspeed"), "DS");
  EXPECT_EQ(type_of_file("deepspeed/ds_preln_kernel.pt"), "DS");
}

TEST(CheckpointType, names_of_the_kernel_are_deepspeeds_without_its_dict_too) {
  EXPECT_EQ(type_of(TensorMap().with("bert.encoder.layer.0.attn_qkvw", {3})),
            CheckpointType::kDeepSpeed);
  EXPECT_EQ(type_of(TensorMap().with("bert.encoder.layer.0.intermediate.dense_act.weight", {3})),
            CheckpointType::kDeepSpeed);
  EXPECT_EQ(type_of(TensorMap().with("module.bert.encoder.layer.0.output.dense.bias", {3})),
            CheckpointType::kHuggingFace);
}

}  // namespace
}  // namespace checkpoint::names
