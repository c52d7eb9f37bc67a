#include <memory>

#include <gtest/gtest.h>

#include "checkpoint/names/bert_file.h"
#include "tests/checkpoint/tensor_map.h"

namespace apps {
namespace {

using checkpoint::TensorMap;
using checkpoint::names::BertFile;

constexpr const char* kBias = "bert.pooler.dense.bias";

std::byte first_byte(const BertFile& file, const std::string& name) {
  return file.read(file.find(name).value()).front();
}

// As BingBertSquad takes a checkpoint's "module", and without it "model_state_dict".
TEST(ModuleWeights, come_before_a_model_state_dict_beside_them) {
  const auto both = std::make_shared<TensorMap>();
  both->with("model_state_dict/bert.pooler.dense.bias", {2}, 10)
      .with("model_state_dict/made.up", {2})
      .with("module/bert.pooler.dense.bias", {2}, 20);
  const BertFile file(both);
  EXPECT_EQ(file.tensors().size(), 1U);
  EXPECT_EQ(first_byte(file, kBias), std::byte{20});
  EXPECT_TRUE(file.unknown().empty());
}

TEST(ModuleWeights, are_a_model_state_dicts_where_there_is_no_other) {
  const auto alone = std::make_shared<TensorMap>();
  alone->with("model_state_dict/bert.pooler.dense.bias", {2}, 10);
  EXPECT_EQ(first_byte(BertFile(alone), kBias), std::byte{10});
}

}  // namespace
}  // namespace apps
