#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "model/batch.h"
#include "model/bert_for_squad.h"
#include "model/dropout_source.h"

namespace model {

/// Logits of one window, one a token: padding has none.
struct SpanLogits {
  std::vector<float> start;
  std::vector<float> end;
};

struct InferenceOptions {
  int64_t batch = 8;                   ///< windows of one forward pass
  at::TensorOptions activations = {};  ///< the model's device (cpu) and dtype
  RowLayout row_layout = RowLayout::kPadded;
};

/// Tokens that are through, and of how many.
using InferenceProgress = std::function<void(int64_t tokens, int64_t all_tokens)>;

/// The logits of every window, in order, without dropout and without gradients. Windows of like
/// length go through the model together, longest first, padded to the longest of their batch: the
/// result of a window does not depend on its company but for the rounding of matrix products of
/// other sizes. `dropout` is never asked to drop anything. Throws std::invalid_argument for a batch
/// below 1, and as BertForSquad::forward does.
std::vector<SpanLogits> infer_spans(const BertForSquad& bert, const DropoutSource& dropout,
                                    std::span<const Window> windows,
                                    const InferenceOptions& options,
                                    const InferenceProgress& progress);

}  // namespace model
