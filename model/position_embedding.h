#pragma once

#include <ATen/core/Tensor.h>

#include "model/sequence_layout.h"

namespace model {

/// `rows` [rows, hidden] of a packed micro-batch plus, in place, row i of `table`
/// [positions, hidden] for the token at position i of its sequence. Differentiable; the gradient of
/// the table is summed over the sequences in fp32 (fp64 for fp64), as LibTorch's sum over a padded
/// batch is.
at::Tensor add_positions(const at::Tensor& rows, const at::Tensor& table,
                         const SequenceLayout& layout);

}  // namespace model
