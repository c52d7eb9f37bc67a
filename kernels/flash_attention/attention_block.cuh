#pragma once

// What one thread block of flash attention works on: up to kAttentionBlockRows rows of a sequence
// and head. grid (batch * blocks a sequence, heads).

#include "kernels/core/dropout.cuh"
#include "kernels/flash_attention/cuda_memory.h"

namespace kernels {

inline constexpr float kLog2E = 1.44269504F;
inline constexpr float kLargest = 3.40282347e38F;

struct AttentionBlock {
  int64_t sequence;
  int64_t head;
  int64_t first_row;  ///< of the sequence, among all rows
  int head_dim;
  int rows;   ///< of the sequence
  int keys;   ///< of them, those that take part as keys
  int begin;  ///< first of the block's own rows, counted within the sequence
  int end;    ///< behind the last

  __device__ __forceinline__ AttentionBlock(const AttentionRows& all, uint32_t blocks_a_sequence)
      : sequence(blockIdx.x / blocks_a_sequence),
        head(blockIdx.y),
        first_row(all.device_offsets[sequence]),
        head_dim(static_cast<int>(all.head_dim)),
        rows(static_cast<int>(all.device_offsets[sequence + 1] - first_row)),
        begin(static_cast<int>(blockIdx.x % blocks_a_sequence) * kAttentionBlockRows),
        end(begin + kAttentionBlockRows < rows ? begin + kAttentionBlockRows : rows) {
    const int64_t length = all.device_lengths[sequence];
    keys = length > 0 && length < rows ? static_cast<int>(length) : rows;
  }

  __device__ __forceinline__ bool is_empty() const { return begin >= end; }

  /// Which row of partial column sums is the block's: different ones for all blocks.
  __device__ __forceinline__ int64_t partial_row() const {
    return (first_row + begin) / kAttentionBlockRows + sequence;
  }
};

/// The head columns of one row in the sequences' rows of a tensor [rows, pitch].
template <class T>
struct HeadRows {
  T* first;  ///< of the sequence's row 0
  int pitch;

  __device__ __forceinline__ T* row(int index) const { return first + int64_t{index} * pitch; }
};

/// Of q (part 0), k (1) or v (2) in [rows, 3 * hidden].
template <class T>
__device__ __forceinline__ HeadRows<T> qkv_rows(T* qkv, const AttentionRows& all,
                                                const AttentionBlock& block, int part) {
  const int64_t hidden = all.heads * all.head_dim;
  return {qkv + block.first_row * 3 * hidden + part * hidden + block.head * all.head_dim,
          static_cast<int>(3 * hidden)};
}

/// Of a tensor [rows, hidden].
template <class T>
__device__ __forceinline__ HeadRows<T> hidden_rows(T* tensor, const AttentionRows& all,
                                                   const AttentionBlock& block) {
  const int64_t hidden = all.heads * all.head_dim;
  return {tensor + block.first_row * hidden + block.head * all.head_dim, static_cast<int>(hidden)};
}

/// The bias of q, k or v.
template <class T>
__device__ __forceinline__ const T* qkv_bias(const T* bias, const AttentionRows& all,
                                             const AttentionBlock& block, int part) {
  return bias + (part * all.heads + block.head) * all.head_dim;
}

/// The sequence's row 0 of statistics [heads, rows].
template <class Number>
__device__ __forceinline__ Number* row_statistics_of_head(Number* statistics,
                                                          const AttentionRows& all,
                                                          const AttentionBlock& block) {
  return statistics + block.head * all.device_offsets[all.batch] + block.first_row;
}

}  // namespace kernels
