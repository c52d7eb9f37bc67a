#pragma once

#include <ATen/core/Tensor.h>

#include "model/batch.h"

namespace model {

/// (CE_start + CE_end) / 2 of `logits` [batch, padded_length, 2] (packed: [rows, 2]), in fp32 (fp64
/// for fp64 logits). Each softmax runs over the tokens of its sequence; padding takes no part, so
/// that padded and packed micro-batches have one loss. (BERT's published fine-tuning programs let
/// the logits of padding compete.) A sequence of length 0 has no position to point at: its targets
/// must be kIgnoredTarget.
/// Each cross-entropy is the sum over this batch's targets divided by the number of targets of the
/// global batch, so that the losses and gradients of micro-batches add up to those of the global
/// batch however it is split. 0 where there is no target. A 0-dimensional tensor.
at::Tensor span_loss(const at::Tensor& logits, const Batch& batch, const TargetCounts& global);

/// TargetCounts::divisors of these counts.
at::Tensor loss_divisors(const TargetCounts& targets, at::Device device);

}  // namespace model
