#pragma once

// What the CUDA form takes of memory follows from the rows alone, so that a plan can tell without
// CUDA.

#include "kernels/flash_attention/flash_attention.h"

namespace kernels {

/// Rows of a sequence that a thread block works on.
inline constexpr int kAttentionBlockRows = 128;

inline int64_t hidden_of(const AttentionRows& rows) {
  return rows.heads * rows.head_dim;
}
inline int64_t total_rows(const AttentionRows& rows) {
  return rows.offsets[rows.batch];
}

/// Of the float for every row of every head that the backward pass's workspace begins with; behind
/// it waits the gradient of q.
int64_t row_means_bytes(const AttentionRows& rows);

}  // namespace kernels
