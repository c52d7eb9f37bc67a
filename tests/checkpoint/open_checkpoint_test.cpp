#include "checkpoint/open_checkpoint.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/checkpoint/tensor_expectations.h"

namespace checkpoint {
namespace {

using std::filesystem::path;
using testing::HasSubstr;

class OpenCheckpoint : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  void copy(const std::string& from, const std::string& to) const {
    std::filesystem::create_directories((folder_ / to).parent_path());
    std::filesystem::copy_file(path(data_folder()) / from, folder_ / to);
  }
  static std::string format_of(const path& file) { return open_checkpoint(file)->format(); }
  static std::string error_of(const path& file) {
    try {
      open_checkpoint(file);
    } catch (const CheckpointError& error) {
      return error.what();
    }
    return "no error";
  }

  const path folder_ =
      path(testing::TempDir()) /
      (std::string("open_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(OpenCheckpoint, formats_are_told_apart_by_their_bytes) {
  const path data = data_folder();
  EXPECT_EQ(format_of(data / "pytorch/hf_zip_pytorch_model.bin"), "PyTorch zip");
  EXPECT_EQ(format_of(data / "pytorch/hf_legacy_pytorch_model.bin"), "PyTorch legacy");
  EXPECT_EQ(format_of(data / "model.safetensors"), "safetensors");
  EXPECT_EQ(format_of(data / "tensorflow/bert_model.ckpt"), "TensorFlow bundle");
  EXPECT_EQ(format_of(data / "tensorflow/bert_model.ckpt.index"), "TensorFlow bundle");
}

TEST_F(OpenCheckpoint, folders_of_huggingface_and_tensorflow) {
  copy("tensorflow/bert_model.ckpt.index", "a.ckpt.index");
  copy("tensorflow/bert_model.ckpt.data-00000-of-00001", "a.ckpt.data-00000-of-00001");
  EXPECT_EQ(format_of(folder_), "TensorFlow bundle");
  write("b.index", "");
  EXPECT_THAT(error_of(folder_), HasSubstr("2 TensorFlow checkpoints"));
  copy("pytorch/allennlp_bert_xsmall.bin", "pytorch_model.bin");
  EXPECT_EQ(format_of(folder_), "PyTorch legacy");
  copy("model.safetensors", "model.safetensors");
  EXPECT_EQ(format_of(folder_), "safetensors");
}

TEST_F(OpenCheckpoint, a_folder_of_deepspeed_by_its_latest_tag_or_the_tag_itself) {
  const auto expected = read_expectations("pytorch/generated.json")
                            .at("models/torch_generated/ds_ckpt/global_step160/"
                                "mp_rank_00_model_states.pt");
  const path data = path(data_folder()) / "deepspeed";
  expect_tensors(*open_checkpoint(data), expected);
  expect_tensors(*open_checkpoint(data / "global_step160"), expected);
  // Files of before PyTorch 1.6 in the same place.
  copy("pytorch/allennlp_bert_xsmall.bin", "step1/mp_rank_00_model_states.pt");
  write("latest", "step1\n");
  EXPECT_EQ(format_of(folder_), "PyTorch legacy");
}

TEST_F(OpenCheckpoint, a_folder_of_the_training_engine_by_its_latest_tag) {
  copy("model.safetensors", "step-00000012/model.safetensors");
  copy("pytorch/allennlp_bert_xsmall.bin", "step-00000024/mp_rank_00_model_states.pt");
  write("latest", "step-00000012\n");
  EXPECT_EQ(format_of(folder_), "safetensors");
  write("latest", "step-00000024\n");
  EXPECT_EQ(format_of(folder_), "PyTorch legacy");
}

TEST_F(OpenCheckpoint, folders_of_deepspeed_that_cannot_be_used) {
  for (const std::string tag : {"../elsewhere", "/etc", "..", "", "a/b"}) {
    write("latest", tag);
    EXPECT_THAT(error_of(folder_), HasSubstr("name of a folder")) << tag;
  }
  write("latest", std::string(1000, 'a'));
  EXPECT_THAT(error_of(folder_), HasSubstr("is longer"));
  write("latest", "step2");
  EXPECT_THAT(error_of(folder_), HasSubstr("no such file"));
  write("step2/zero_pp_rank_0_mp_rank_00_model_states.pt", "");
  EXPECT_THAT(error_of(folder_), HasSubstr("zero_to_fp32.py"));
  write("step2/mp_rank_00_model_states.pt", "");
  write("step2/mp_rank_01_model_states.pt", "");
  EXPECT_THAT(error_of(folder_), HasSubstr("model-parallel"));
}

TEST_F(OpenCheckpoint, what_is_no_weight_file_says_what_it_is) {
  const auto error = [&](const std::string& text) {
    write("x.bin", text);
    return error_of(folder_ / "x.bin");
  };
  EXPECT_THAT(error(""), HasSubstr("empty"));
  EXPECT_THAT(error("version https://git-lfs.github.com/spec/v1\n"), HasSubstr("git lfs pull"));
  EXPECT_THAT(error("<!DOCTYPE html>"), HasSubstr("web page"));
  EXPECT_THAT(error(std::string(257, '\0').append("ustar  ")), HasSubstr("tar archive"));
  EXPECT_THAT(error("x\x57\xfb\x80\x8b\x24\x75\x47\xdb"), HasSubstr("V1 checkpoint"));
  EXPECT_THAT(error("hello"), HasSubstr("no weight file"));
  EXPECT_THAT(error_of(folder_ / "none"), HasSubstr("cannot read"));
  std::filesystem::remove(folder_ / "x.bin");
  EXPECT_THAT(error_of(folder_), HasSubstr("no weights in this folder"));
  write("model.safetensors.index.json", "{}");
  EXPECT_THAT(error_of(folder_), HasSubstr("several files"));
}

}  // namespace
}  // namespace checkpoint
