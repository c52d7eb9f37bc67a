#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/util/intrusive_ptr.h>

#include "kernels/core/invertible_columns.h"

namespace kernels {

/// What a LayerNorm keeps for its backward.
struct SavedNorm {
  at::Tensor input;                   ///< [rows, hidden]; not with normalize_invertible
  at::Tensor mean;                    ///< [rows], float
  at::Tensor rstd;                    ///< [rows], float
  std::vector<int32_t> kept_columns;  ///< those that cannot be inverted
  at::Tensor x_hat;                   ///< [rows, columns], float; undefined if none

  InvertibleColumns kept() const;
};

/// The intermediate tensors that a forward leaves for its backward. With B sequences of length S,
/// hidden size H, intermediate size I, A heads, e bytes an element, and the flags
/// NI normalize_invertible, GC gelu_checkpoint, AC attn_dropout_checkpoint, these and the layer's
/// input hold
///     M = e BSH (8 - 2 NI) + e BSI (2 - GC) + e BAS² (2 - AC) + 16 BS   bytes
/// (2 - AC is 1 without attention dropout: the probabilities serve as both). The table of
/// DeepSpeed's kernel less its masks, whose bits are generated again, and with fp32 statistics.
/// Post-LN with NI refers to the layer's output too, which is the next layer's input. NI adds
/// 4 BS bytes for each LayerNorm column that cannot be inverted: none while gamma is 1, beta 0.
struct SavedTensors : c10::intrusive_ptr_target {
  at::Tensor normed_input;      ///< [rows, H]: LayerNorm of the layer's input; Pre-LN only
  at::Tensor qkv;               ///< [3, B, A, S, d], biased
  at::Tensor probabilities;     ///< [B * A, S, S], softmax output
  at::Tensor dropped;           ///< [B * A, S, S]; not with AC, nor without dropout
  at::Tensor context;           ///< [rows, H], heads merged
  SavedNorm attention_norm;     ///< its input is the sum after the attention
  at::Tensor attention_normed;  ///< [rows, H], the feed-forward's input
  at::Tensor intermediate;      ///< [rows, I], first dense product, without its bias
  at::Tensor activated;         ///< [rows, I], GELU's output; not with GC
  SavedNorm output_norm;        ///< Post-LN: of the second sum; Pre-LN: of the layer's input,
                                ///< which is saved as the function's input
  at::Tensor output;            ///< [rows, H]; Post-LN with NI only

  /// All tensors above that are defined.
  std::vector<at::Tensor> tensors() const;
};

}  // namespace kernels
