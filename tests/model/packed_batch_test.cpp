// What packed micro-batches go through besides the encoder layers, against the same ones padded.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/batch.h"
#include "model/position_embedding.h"
#include "model/span_loss.h"
#include "tests/model/tiny_bert.h"

namespace model {
namespace {

using testing::ElementsAre;

constexpr int64_t kLength = 9;

/// Windows of 4, 0, 1 and 9 tokens.
std::vector<Window> mixed_windows() {
  std::vector<Window> windows;
  int64_t token = 1;
  for (const int64_t length : {4, 0, 1, 9}) {
    Window window;
    for (int64_t i = 0; i < length; ++i) {
      window.input_ids.push_back(token++);
      window.token_type_ids.push_back(i % 2);
    }
    if (length > 0) {
      window.start_position = 0;
      window.end_position = length - 1;
    }
    windows.push_back(window);
  }
  return windows;
}

Batch batch_of(RowLayout row_layout, at::ScalarType dtype = at::kFloat) {
  return make_batch(mixed_windows(), kLength, 2, dtype, row_layout);
}

/// For each token of the mixed windows its position in its window.
at::Tensor positions() {
  return at::cat({at::arange(4), at::arange(1), at::arange(9)});
}

/// The rows of a padded tensor [4, kLength, ...] that are tokens.
at::Tensor pack(const at::Tensor& padded) {
  return at::cat({padded[0].narrow(0, 0, 4), padded[2].narrow(0, 0, 1), padded[3]});
}

TEST(PackedBatch, holds_the_tokens_of_the_padded_one_without_padding) {
  const Batch padded = batch_of(RowLayout::kPadded);
  const Batch packed = batch_of(RowLayout::kPacked);
  EXPECT_THAT(padded.layout.offsets, ElementsAre(0, 9, 18, 27, 36));
  EXPECT_THAT(packed.layout.offsets, ElementsAre(0, 4, 4, 5, 14));
  EXPECT_THAT(packed.layout.lengths, ElementsAre(4, 0, 1, 9));
  EXPECT_EQ(packed.layout.first_sequence, 2);
  EXPECT_TRUE(packed.input_ids.equal(pack(padded.input_ids)));
  EXPECT_TRUE(packed.token_type_ids.equal(pack(padded.token_type_ids)));
  EXPECT_TRUE(packed.input_ids.equal(at::arange(1, 15, at::kLong)));
  EXPECT_FALSE(packed.layout.additive_mask.defined());
}

TEST(PackedBatch, positions_count_within_the_sequence_and_their_gradients_add_up) {
  const Batch packed = batch_of(RowLayout::kPacked);
  for (const at::ScalarType dtype : {at::kDouble, at::kFloat, at::kBFloat16}) {
    at::manual_seed(1);
    const at::Tensor table = at::randn({12, 3}).to(dtype).requires_grad_(true);
    const at::Tensor tokens = at::randn({14, 3}).to(dtype).requires_grad_(true);
    const at::Tensor sum = add_positions(tokens * 1, table, packed.layout);
    EXPECT_TRUE(sum.equal(tokens + table.index_select(0, positions()))) << dtype;
    const at::Tensor d_sum = at::randn({14, 3}).to(dtype);
    sum.backward(d_sum);
    EXPECT_TRUE(tokens.grad().equal(d_sum));
    const at::Tensor expected =
        at::zeros({12, 3}, at::kDouble).index_add(0, positions(), d_sum.to(at::kDouble));
    EXPECT_LT(tiny::relative_error(table.grad(), expected), dtype == at::kBFloat16 ? 4e-3 : 1e-6);
  }
}

TEST(PackedBatch, the_loss_and_its_gradient_are_those_of_the_padded_logits) {
  const Batch padded = batch_of(RowLayout::kPadded, at::kDouble);
  const Batch packed = batch_of(RowLayout::kPacked, at::kDouble);
  at::manual_seed(2);
  const at::Tensor logits = at::randn({4, kLength, 2}, at::kDouble).requires_grad_(true);
  const at::Tensor rows = pack(logits.detach()).requires_grad_(true);
  const at::Tensor padded_loss = span_loss(logits, padded, padded.targets);
  const at::Tensor packed_loss = span_loss(rows, packed, packed.targets);
  EXPECT_NEAR(packed_loss.item<double>(), padded_loss.item<double>(), 1e-14);
  padded_loss.backward();
  packed_loss.backward();
  EXPECT_LT(tiny::relative_error(rows.grad(), pack(logits.grad())), 1e-14);
}

// By the definition: -log(exp(x_target) / sum over tokens of exp(x)).
TEST(SpanLoss, is_a_softmax_over_the_tokens_of_a_sequence_alone) {
  const Batch padded = batch_of(RowLayout::kPadded, at::kDouble);
  at::manual_seed(3);
  const at::Tensor logits = at::randn({4, kLength, 2}, at::kDouble).requires_grad_(true);
  double expected = 0;
  for (const int64_t b : {0, 2, 3}) {
    const int64_t length = padded.layout.lengths[static_cast<size_t>(b)];
    for (const int64_t column : {0, 1}) {
      const at::Tensor scores = logits[b].select(-1, column).narrow(0, 0, length);
      const int64_t target = column == 0 ? 0 : length - 1;
      expected += (scores.exp().sum().log() - scores[target]).item<double>() / 3 / 2;
    }
  }
  const at::Tensor loss = span_loss(logits, padded, padded.targets);
  EXPECT_NEAR(loss.item<double>(), expected, 1e-12);
  loss.backward();
  for (int64_t b = 0; b < 4; ++b) {
    const int64_t length = padded.layout.lengths[static_cast<size_t>(b)];
    EXPECT_EQ(logits.grad()[b].narrow(0, length, kLength - length).count_nonzero().item<int64_t>(),
              0);
  }
}

TEST(PackedBatch, is_planned_on_meta) {
  const Batch packed =
      make_batch(mixed_windows(), kLength, 0, at::TensorOptions(at::kMeta).dtype(at::kHalf),
                 RowLayout::kPacked);
  EXPECT_TRUE(packed.input_ids.is_meta());
  const at::Tensor logits =
      at::empty({14, 2}, at::TensorOptions(at::kMeta).dtype(at::kHalf)).requires_grad_(true);
  span_loss(logits, packed, packed.targets).backward();
  EXPECT_EQ(logits.grad().sizes(), logits.sizes());
}

}  // namespace
}  // namespace model
