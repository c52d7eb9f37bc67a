#pragma once

#include "kernels/flash_attention/flash_attention.h"

namespace kernels {

/// Textbook attention in double, a whole [rows, keys] matrix a head, with the scalar bits of
/// core/dropout_bits.h. No workspace; `partials` are not used; log_sum_exp is float as in the
/// contract, so backward computes it again.
void reference_flash_attention_forward(const FlashAttentionForward<double>& args);
void reference_flash_attention_backward(const FlashAttentionBackward<double>& args);

}  // namespace kernels
