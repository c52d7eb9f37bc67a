#pragma once

// What the kernels of the backward pass have in common, and the sum of their partial column sums.

#include "kernels/core/column_sums.cuh"
#include "kernels/flash_attention/attention_block.cuh"

namespace kernels {

/// One element of the scores' gradient, and of what dropout leaves of P but for its scale.
struct ScoreGradient {
  float dropped;
  float d_score;
};

/// From a product q k before the scores' scale (times log2 e: `scale`), log_sum_exp times log2 e,
/// the product d_context v and the row's sum of d_context * context (`mean`).
__device__ __forceinline__ ScoreGradient score_gradient(float product, float scale,
                                                        float log2_sum_exp, bool kept,
                                                        float d_dropped, float keep_scale,
                                                        float mean) {
  const float p = exp2f(fmaf(product, scale, -log2_sum_exp));
  return {kept ? p : 0, p * ((kept ? d_dropped * keep_scale : 0) - mean)};
}

/// Where the gradient of q goes: the first columns of a tensor [rows, pitch].
template <class T>
struct QueryGradient {
  T* first;
  int64_t pitch;

  __device__ __forceinline__ HeadRows<T> rows(const AttentionRows& all,
                                              const AttentionBlock& block) const {
    return {first + block.first_row * pitch + block.head * all.head_dim, static_cast<int>(pitch)};
  }
};

/// The block's partial sums of the head's columns of d_qkv's part 0, 1 or 2.
template <class T>
__device__ __forceinline__ float* partial_sums(const FlashAttentionBackward<T>& args,
                                               const AttentionBlock& block, int part) {
  const AttentionRows& all = args.rows;
  return args.partials + ((block.partial_row() * 3 + part) * all.heads + block.head) * all.head_dim;
}

/// d_bias from all partial rows: a block adds 32 columns, a warp those of the sequences w, w +
/// kTileWarps, ... in order, so that the bits depend on the sequences' rows alone.
template <class T>
__global__ void __launch_bounds__(kTileThreads)
    attention_bias_gradient_kernel(FlashAttentionBackward<T> args) {
  BENCH_SHARED(of_warps, float[kTileWarps][32]);
  const AttentionRows& all = args.rows;
  const int64_t width = 3 * all.heads * all.head_dim;
  const int64_t column = int64_t{blockIdx.x} * 32 + threadIdx.x;
  float sum = 0;
  for (int64_t b = threadIdx.y; b < all.batch && column < width; b += kTileWarps) {
    const int64_t first = all.device_offsets[b];
    const int64_t blocks =
        (all.device_offsets[b + 1] - first + kAttentionBlockRows - 1) / kAttentionBlockRows;
    const float* partial = args.partials + (first / kAttentionBlockRows + b) * width + column;
    for (int64_t i = 0; i < blocks; ++i) sum += partial[i * width];
  }
  of_warps[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || column >= width) return;
  float total = 0;
  BENCH_UNROLL
  for (int warp = 0; warp < kTileWarps; ++warp) total += of_warps[warp][threadIdx.x];
  args.d_bias[column] = narrow<T>(total);
}

/// Copies [rows, columns] to the first columns of [rows, pitch]: a block a row.
template <int kPack, class T>
__global__ void __launch_bounds__(kTileThreads)
    copy_query_gradient_kernel(QueryGradient<T> to, const T* from, int64_t columns) {
  const int64_t row = blockIdx.x;
  for (int64_t column = int64_t{threadIdx.x} * kPack; column < columns;
       column += int64_t{kTileThreads} * kPack) {
    store(load<kPack>(from + row * columns + column), to.first + row * to.pitch + column);
  }
}

}  // namespace kernels
