#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/util/intrusive_ptr.h>

#include "kernels/core/invertible_columns.h"

namespace kernels {

/// What a LayerNorm keeps for its backward.
struct SavedNorm {
  at::Tensor input;  ///< [rows, hidden]; not with normalize_invertible
  at::Tensor mean;   ///< [rows], float
  at::Tensor rstd;   ///< [rows], float
  /// int32, those that cannot be inverted, undefined if none; on CUDA their number, then they, with
  /// room for more (KeptColumnsSearch).
  at::Tensor kept_columns;
  at::Tensor x_hat;  ///< [rows, columns], on CUDA [rows, room], float; undefined if none

  InvertibleColumns kept() const;
};

/// The intermediate tensors that a forward leaves for its backward. With B sequences of length S,
/// hidden size H, intermediate size I, A heads, e bytes an element, and the flags
/// NI normalize_invertible, GC gelu_checkpoint, AC attn_dropout_checkpoint, FA flash_attention,
/// these and the layer's input hold
///     M = e BSH (8 - 2 NI) + e BSI (2 - GC) + e BAS² (2 - AC) + 16 BS   bytes
/// or with FA
///     M = e BSH (8 - 2 NI) + e BSI (2 - GC) + 4 BAS + 16 BS   bytes
/// when padded; packed, BS is the number of rows and BS² the sum of the squared lengths.
/// (2 - AC is 1 without attention dropout: the probabilities serve as both). The table of
/// DeepSpeed's kernel less its masks, whose bits are generated again, and with fp32 statistics.
/// Post-LN with NI refers to the layer's output too, which is the next layer's input. NI adds
/// 4 (BS + 1) bytes for each LayerNorm column that cannot be inverted: none while gamma is 1, beta
/// 0. On CUDA it adds them for kKeptRoom columns more, and 4 bytes.
struct SavedTensors : c10::intrusive_ptr_target {
  at::Tensor normed_input;  ///< [rows, H]: LayerNorm of the layer's input; Pre-LN only
  at::Tensor qkv;  ///< [3, rows, H], biased, by head (kernels/head_layout); FA: the packed QKV
                   ///< product [rows, 3 H] as it came
  at::Tensor probabilities;     ///< [A, S, S] a sequence, softmax output; not with FA
  at::Tensor dropped;           ///< [A, S, S] a sequence; not with AC or FA, nor without dropout
  at::Tensor log_sum_exp;       ///< [A, rows], float, of every row of scores; FA only
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

/// What backward may do with saved tensors once it has read them.
struct SavedMemory {
  bool consume;  ///< nobody needs them again: their buffers are freed and written over

  /// A buffer of `saved`'s size: its own where nobody needs it again.
  at::Tensor take(at::Tensor& saved) const;
  void free(at::Tensor& saved) const;
};

}  // namespace kernels
