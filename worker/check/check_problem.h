#pragma once

#include <cstdint>

#include "harness/protocol/cell.h"
#include "model/batch.h"
#include "model/bert_for_squad.h"

namespace worker {

/// The small training problem of the correctness gate. Awkward on purpose: no size is a multiple of
/// a vector, lengths are full, one and between, weights are large enough for softmax and GELU to
/// leave their linear range, and of every LayerNorm's gammas one is 0 and one near 0.
struct CheckProblem {
  static constexpr int64_t kLength = 37;
  static constexpr int64_t kFirstSequence = 5;  ///< so that dropout's bits must count from it
  static constexpr uint64_t kSeed = 20201;

  /// Two layers with the cell's placement of LayerNorm, GELU and epsilon; attention dropout 0.1,
  /// hidden dropout 0.15 (CheckRun::dropout sets both to 0).
  static model::BertConfig config(const harness::ModelShape& shape);

  /// Three sequences of 37, 1 and 20 tokens, for activations of dtype and device of `activations`.
  static model::Batch batch(const at::TensorOptions& activations, model::RowLayout row_layout);

  /// The rows of `tensor` [batch, length, columns], or packed [rows, columns], that are tokens:
  /// [tokens, columns], the same for every layout. What padding holds means nothing.
  static at::Tensor tokens(const at::Tensor& tensor, const model::SequenceLayout& layout);

  /// What the logits of tokens, [tokens, 2], are multiplied by and summed in loss(): fp64.
  static at::Tensor logit_weights(int64_t tokens);

  /// The SQuAD loss of `logits` plus a fixed linear function of those of tokens. The SQuAD loss
  /// alone does not change with a constant added to all logits, so that some gradients would be
  /// zero.
  static at::Tensor loss(const at::Tensor& logits, const model::Batch& batch);

  /// Sets every weight from its HuggingFace name, rounded to `rounded_to`, whatever its own dtype.
  static void fill_weights(const model::BertForSquad& bert, at::ScalarType rounded_to);
};

}  // namespace worker
