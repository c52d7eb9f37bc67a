#include "kernels/layer/keyed_dropout.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "kernels/core/dropout_bits.h"
#include "kernels/layer/layer_call.h"

namespace kernels {
namespace {

using model::DropoutSite;

model::SequenceLayout layout_of(int64_t batch, int64_t length, int64_t first) {
  return model::make_layout(std::vector<int64_t>(static_cast<size_t>(batch), length), length, first,
                            model::RowLayout::kPadded);
}

KeyedDropout source(uint64_t seed = 9) {
  KeyedDropout dropout;
  dropout.begin_step(seed, 4);
  return dropout;
}

constexpr double kProbability = 0.3;

TEST(KeyedDropout, follows_the_generators_bits_for_every_dtype) {
  const KeyedDropout dropout = source();
  const auto layout = layout_of(2, 19, 3);
  const auto key = dropout.key(DropoutSite::kAttentionProbabilities, 5);
  const DropoutStream stream = dropout_stream(key, kProbability, layout);
  for (const at::ScalarType dtype : {at::kDouble, at::kFloat, at::kBFloat16, at::kHalf}) {
    const at::Tensor output =
        dropout.apply(at::ones({2, 3, 19, 21}, dtype), kProbability, key, layout).to(at::kDouble);
    const double scale =
        at::full({}, dropout_scale(kProbability), dtype).to(at::kDouble).item<double>();
    for (int64_t b = 0; b < 2; ++b) {
      for (int64_t h = 0; h < 3; ++h) {
        for (int64_t row = 0; row < 19; ++row) {
          for (int64_t column = 0; column < 21; ++column) {
            const double expected = keep(stream, b, h, row, column) ? scale : 0;
            ASSERT_NEAR(output[b][h][row][column].item<double>(), expected, 1e-6)
                << dtype << " " << b << " " << h << " " << row << " " << column;
          }
        }
      }
    }
  }
}

TEST(KeyedDropout, gradient_is_the_same_dropout_and_can_be_derived_again) {
  const KeyedDropout dropout = source();
  const auto layout = layout_of(2, 5, 0);
  const auto key = dropout.key(DropoutSite::kEmbedding, -1);
  for (const at::ScalarType dtype : {at::kDouble, at::kFloat}) {
    const at::Tensor input = at::ones({2, 5, 24}, dtype).requires_grad_(true);
    const at::Tensor output = dropout.apply(input, kProbability, key, layout);
    const at::Tensor weight = at::rand_like(input).requires_grad_(true);
    const auto first = torch::autograd::grad({output}, {input}, {weight}, true, true);
    EXPECT_TRUE(first[0].allclose(output * weight, 1e-6, 0));
    const auto second = torch::autograd::grad({first[0].sum()}, {weight});
    EXPECT_TRUE(second[0].allclose(output, 1e-6, 0));
  }
}

TEST(KeyedDropout, bits_depend_on_the_key_and_the_global_sequence_alone) {
  const auto mask = [](uint64_t seed, DropoutSite site, int64_t layer, int64_t batch,
                       int64_t first) {
    const KeyedDropout dropout = source(seed);
    return dropout.apply(at::ones({batch, 31, 33}), 0.5, dropout.key(site, layer),
                         layout_of(batch, 31, first));
  };
  const at::Tensor whole = mask(1, DropoutSite::kLayerOutput, 0, 4, 7);
  EXPECT_TRUE(mask(1, DropoutSite::kLayerOutput, 0, 1, 9).equal(whole.narrow(0, 2, 1)));
  EXPECT_FALSE(mask(2, DropoutSite::kLayerOutput, 0, 4, 7).equal(whole));
  EXPECT_FALSE(mask(1, DropoutSite::kAttentionOutput, 0, 4, 7).equal(whole));
  EXPECT_FALSE(mask(1, DropoutSite::kLayerOutput, 1, 4, 7).equal(whole));
}

TEST(KeyedDropout, packed_rows_have_the_bits_of_the_padded_ones) {
  const KeyedDropout dropout = source();
  const auto key = dropout.key(DropoutSite::kEmbedding, -1);
  const auto padded = layout_of(3, 31, 7);
  const auto packed = model::make_layout({31, 0, 5}, 31, 7, model::RowLayout::kPacked);
  for (const at::ScalarType dtype : {at::kDouble, at::kFloat}) {
    const at::Tensor whole = dropout.apply(at::ones({3, 31, 33}, dtype), 0.5, key, padded);
    const at::Tensor rows = dropout.apply(at::ones({36, 33}, dtype), 0.5, key, packed);
    EXPECT_TRUE(rows.narrow(0, 0, 31).equal(whole[0]));
    EXPECT_TRUE(rows.narrow(0, 31, 5).equal(whole[2].narrow(0, 0, 5)));
  }
}

TEST(KeyedDropout, probability_zero_returns_the_input_and_one_is_refused) {
  const KeyedDropout dropout = source();
  const at::Tensor input = at::ones({1, 2, 3});
  const auto key = dropout.key(DropoutSite::kLayerOutput, 0);
  EXPECT_TRUE(dropout.apply(input, 0, key, layout_of(1, 2, 0)).is_same(input));
  EXPECT_THROW(dropout.apply(input, 1, key, layout_of(1, 2, 0)), c10::Error);
  EXPECT_THROW(dropout.apply(at::ones({3}), 0.1, key, layout_of(1, 2, 0)), c10::Error);
}

TEST(KeyedDropout, plans_on_meta) {
  const KeyedDropout dropout = source();
  for (const at::ScalarType dtype : {at::kFloat, at::kHalf}) {
    const at::Tensor input =
        at::empty({2, 3, 8}, at::TensorOptions().dtype(dtype).device(at::kMeta));
    const at::Tensor output =
        dropout.apply(input, 0.1, dropout.key(DropoutSite::kLayerOutput, 0), layout_of(2, 3, 0));
    EXPECT_TRUE(output.is_meta());
    EXPECT_EQ(output.sizes(), input.sizes());
  }
}

}  // namespace
}  // namespace kernels
