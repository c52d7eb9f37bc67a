#include "checkpoint/names/weight_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_error.h"
#include "tests/checkpoint/tensor_map.h"

namespace checkpoint::names {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<ExpectedWeight> kModel = {{"bert.embeddings.LayerNorm.weight", {4}},
                                            {"bert.encoder.layer.0.output.dense.bias", {4}},
                                            {"qa_outputs.bias", {2}}};
constexpr const char* kNorm = "bert.embeddings.LayerNorm.gamma";
constexpr const char* kBias = "bert.encoder.layer.0.output.dense.bias";

WeightMatch match(const TensorMap& map, bool pre_layer_norm = false) {
  const BertFile file(std::shared_ptr<const TensorFile>(&map, [](const TensorFile*) {}));
  return match_weights(file, kModel, pre_layer_norm);
}

std::string error_of(const TensorMap& map, bool pre_layer_norm = false) {
  try {
    match(map, pre_layer_norm);
  } catch (const CheckpointError& error) {
    return error.what();
  }
  return "no error";
}

TEST(WeightMatch, the_head_may_be_missing_and_the_pooler_too_many) {
  TensorMap map;
  map.with("bert.pooler.dense.bias", {4}).with(kBias, {4}).with(kNorm, {4}).with("who.knows", {1});
  const WeightMatch found = match(map);
  EXPECT_THAT(found.places, ElementsAre(2, 1, WeightMatch::kMissing));
  EXPECT_THAT(found.head, ElementsAre("qa_outputs.bias"));
  EXPECT_THAT(found.passed_by, ElementsAre("bert.pooler.dense.bias", "who.knows"));
}

TEST(WeightMatch, missing_weights_are_listed_in_the_words_of_the_file) {
  EXPECT_THAT(error_of(TensorMap().with(kNorm, {4})),
              AllOf(HasSubstr("1 weights of the model are missing"), HasSubstr(kBias)));
  EXPECT_THAT(error_of(TensorMap("TensorFlow bundle").with("bert/embeddings/LayerNorm/gamma", {4})),
              HasSubstr("bert/encoder/layer_0/output/dense/bias"));
}

TEST(WeightMatch, other_shapes_and_more_layers_do_not_fit_the_configuration) {
  EXPECT_THAT(
      error_of(TensorMap().with(kNorm, {5}).with(kBias, {4})),
      HasSubstr("bert.embeddings.LayerNorm.weight is [5], but the configuration makes it [4]"));
  EXPECT_THAT(error_of(TensorMap()
                           .with(kNorm, {4})
                           .with(kBias, {4})
                           .with("bert.encoder.layer.1.output.dense.bias", {4})),
              HasSubstr("fewer layers"));
}

TEST(WeightMatch, the_placement_of_layer_norms_must_be_the_files) {
  TensorMap post;
  post.with(kNorm, {4}).with(kBias, {4});
  EXPECT_THAT(error_of(post, /*pre_layer_norm=*/true), HasSubstr("without --preln"));
  TensorMap pre;
  pre.with(kNorm, {4}).with(kBias, {4}).with("bert.encoder.FinalLayerNorm.weight", {4});
  EXPECT_THAT(error_of(pre), HasSubstr("with --preln"));
}

}  // namespace
}  // namespace checkpoint::names
