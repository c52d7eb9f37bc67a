#pragma once

#include <cstdint>
#include <span>

#include <ATen/core/Tensor.h>
#include <c10/core/TensorOptions.h>

#include "model/sequence_layout.h"
#include "model/window.h"

namespace model {

/// How many starts and ends take part in a loss.
struct TargetCounts {
  int64_t starts = 0;
  int64_t ends = 0;
  /// What the loss divides its sums over starts and over ends by, float [2] in the memory of a
  /// device other than the CPU, where recorded work finds them: loss_divisors(). Else undefined.
  at::Tensor divisors = {};
};

/// What one forward pass takes. The tensors are on the model's device; on meta they have shapes and
/// no data. The numbers of `layout` and `targets` are on the host everywhere.
struct Batch {
  at::Tensor input_ids;        ///< int64 [batch, padded_length]; packed: [rows]
  at::Tensor token_type_ids;   ///< int64 [batch, padded_length]; packed: [rows]
  at::Tensor start_positions;  ///< int64 [batch], kIgnoredTarget where there is none
  at::Tensor end_positions;    ///< int64 [batch], kIgnoredTarget where there is none
  SequenceLayout layout;
  TargetCounts targets;  ///< of this batch alone
};

TargetCounts count_targets(std::span<const Window> windows);

/// `windows` padded with zeros to `padded_length`, with the additive mask in the dtype of
/// `activations`; or packed, one after the other without padding. `first_sequence`: the place of
/// windows[0] in the global batch. Throws std::invalid_argument where a window is longer than
/// `padded_length`.
Batch make_batch(std::span<const Window> windows, int64_t padded_length, int64_t first_sequence,
                 const at::TensorOptions& activations, RowLayout row_layout = RowLayout::kPadded);

}  // namespace model
