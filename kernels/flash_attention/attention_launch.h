#pragma once

// Host code around matrix_*.cuh and plain_*.cuh.

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string>

#include "kernels/core/column_launch.h"
#include "kernels/core/dropout_launch.h"
#include "kernels/flash_attention/cuda_memory.h"
#include "kernels/flash_attention/plain_rows.cuh"

namespace kernels {

/// Dynamic shared memory that a block may ask for wherever its kernel runs: tensor cores have 99
/// KiB at least (compute capability 8.6, 8.9, 12.0), plain kernels 64 KiB (7.5), of which 2 KiB are
/// left to what kernels of such tiles declare (docs/kernels.md).
inline constexpr size_t kMostMatrixBytes = 97 * 1024;
inline constexpr size_t kMostPlainBytes = 62 * 1024;

inline uint32_t blocks_a_sequence(const AttentionRows& rows) {
  int64_t longest = 0;
  for (int64_t b = 0; b < rows.batch; ++b) {
    longest = std::max(longest, rows.offsets[b + 1] - rows.offsets[b]);
  }
  return blocks_of(longest, kAttentionBlockRows);
}

/// Blocks of `block` for all rows of all heads.
inline LaunchShape attention_shape(const AttentionRows& rows, Extent block, size_t shared_bytes) {
  return {{static_cast<uint32_t>(rows.batch) * blocks_a_sequence(rows),
           static_cast<uint32_t>(rows.heads)},
          block,
          shared_bytes};
}

inline void check_head_dim(const AttentionRows& rows) {
  if (rows.head_dim <= kCudaLargestHeadDim) return;
  throw std::invalid_argument("flash attention on CUDA has no kernel for heads of " +
                              std::to_string(rows.head_dim) + ", more than " +
                              std::to_string(kCudaLargestHeadDim));
}

/// A kernel's form: columns of a tile of tensor cores, or of a lane.
template <int kColumns>
struct MatrixForm {};
template <int kLaneColumns>
struct PlainForm {};

/// Calls run(MatrixForm) or run(PlainForm) with the fastest form that there is.
template <class T, class Run>
void with_form(const AttentionRows& rows, std::initializer_list<const void*> addresses,
               const Run& run) {
  if constexpr (sizeof(T) == sizeof(uint16_t)) {
    constexpr int64_t kMost = 128;
    if (rows.head_dim <= kMost && packs_fit<T>(rows.head_dim, addresses) && device_has_mma()) {
      if (rows.head_dim <= 32) return run(MatrixForm<32>());
      if (rows.head_dim <= 64) return run(MatrixForm<64>());
      return run(MatrixForm<kMost>());
    }
  }
  if (rows.head_dim <= PlainShape<2>::kColumns) return run(PlainForm<2>());
  run(PlainForm<kCudaLargestHeadDim / 32>());
}

}  // namespace kernels
