#pragma once

// Forward by tensor cores: a warp keeps 16 rows of the context, and goes over the keys tile by tile
// with a running maximum and sum of exponentials (Milakov and Gimelshein, "Online normalizer
// calculation for softmax", 2018). The next tile of k and v is copied meanwhile. kColumns is
// head_dim or the next larger of those that there are.

#include "kernels/flash_attention/dropout_tile.cuh"
#include "kernels/flash_attention/matrix_tile.cuh"

namespace kernels {

inline constexpr int kForwardKeys = 64;

/// Bytes of dynamic shared memory: q, and two tiles each of k and v.
template <int kColumns>
inline constexpr size_t kMatrixForwardBytes = (kAttentionBlockRows + 4 * kForwardKeys) * kColumns *
                                              sizeof(uint16_t);

#if BENCH_HAS_MMA

/// Of the two rows that a lane has elements of; sums of its own elements alone.
struct RunningSoftmax {
  float maximum[2] = {-kLargest, -kLargest};
  float sum[2] = {0, 0};
};

/// Scores become their exponentials, relative to the maximum so far; what was summed up before
/// moves along. `scale` is the exponents' of 2.
template <int kCount, int kContext>
__device__ __forceinline__ void exponentials(Fragment<kCount>& scores, float scale,
                                             RunningSoftmax& softmax, Fragment<kContext>& context) {
  BENCH_UNROLL
  for (int i = 0; i < 2; ++i) {
    float maximum = softmax.maximum[i];
    BENCH_UNROLL
    for (int n = 0; n < kCount; ++n) {
      maximum = fmaxf(maximum, fmaxf(scores.at[n][2 * i], scores.at[n][2 * i + 1]));
    }
    maximum = fmaxf(maximum, __shfl_xor_sync(0xffffffff, maximum, 1));
    maximum = fmaxf(maximum, __shfl_xor_sync(0xffffffff, maximum, 2));
    const float shift = maximum * scale;
    const float rescale = exp2f(fmaf(softmax.maximum[i], scale, -shift));
    softmax.maximum[i] = maximum;
    softmax.sum[i] *= rescale;
    BENCH_UNROLL
    for (int n = 0; n < kContext; ++n) {
      context.at[n][2 * i] *= rescale;
      context.at[n][2 * i + 1] *= rescale;
    }
    BENCH_UNROLL
    for (int n = 0; n < kCount; ++n) {
      BENCH_UNROLL
      for (int e = 2 * i; e < 2 * i + 2; ++e) {
        scores.at[n][e] = exp2f(fmaf(scores.at[n][e], scale, -shift));
        softmax.sum[i] += scores.at[n][e];
      }
    }
  }
}

#endif  // BENCH_HAS_MMA

template <class T, int kColumns>
__global__ void __launch_bounds__(kMatrixThreads, kMatrixBlocks<kColumns>)
    matrix_attention_forward_kernel(FlashAttentionForward<T> args, DeviceDropout dropout,
                                    uint32_t blocks_a_sequence) {
#if BENCH_HAS_MMA
  constexpr int kKeys = kForwardKeys;
  const AttentionBlock block(args.rows, blocks_a_sequence);
  if (block.is_empty()) return;
  const int head_dim = block.head_dim;
  T* q_tile = static_cast<T*>(dynamic_shared());
  T* const tiles = q_tile + kAttentionBlockRows * kColumns;
  const auto k_tile = [&](int tile) { return tiles + tile % 2 * 2 * kKeys * kColumns; };
  const auto v_tile = [&](int tile) { return k_tile(tile) + kKeys * kColumns; };
  const auto q = qkv_copy<T, kColumns>(args, block, 0);
  const auto k = qkv_copy<T, kColumns>(args, block, 1);
  const auto v = qkv_copy<T, kColumns>(args, block, 2);
  const auto start = [&](int tile) {
    k.template start<kKeys>(k_tile(tile), tile * kKeys, block.keys);
    v.template start<kKeys>(v_tile(tile), tile * kKeys, block.keys);
  };
  q.template start<kAttentionBlockRows>(q_tile, block.begin, block.end);
  start(0);
  const HeadDropout bits = {dropout, device_dropout_key(dropout, block.head), block.sequence};
  const int tile_row = static_cast<int>(threadIdx.y) * 16;
  const int row = block.begin + tile_row;
  const float scale = args.scale * kLog2E;
  DropoutFragment keep;
  RunningSoftmax softmax;
  Fragment<kColumns / 8> context;
  for (int tile = 0; tile * kKeys < block.keys; ++tile) {
    const int first_key = tile * kKeys;
    cp_async_wait_all();
    if (tile == 0) q.template finish<kAttentionBlockRows>(q_tile);
    k.template finish<kKeys>(k_tile(tile));
    v.template finish<kKeys>(v_tile(tile));
    // Also: all are done with the tile before, whose place the next one takes.
    __syncthreads();
    if (first_key + kKeys < block.keys) start(tile + 1);
    if (row >= block.end) continue;
    Fragment<kKeys / 8> scores;
    multiply_rows<T, kColumns>(scores, q_tile, tile_row, k_tile(tile), 0);
    if (first_key + kKeys > block.keys) {
      BENCH_UNROLL
      for (int n = 0; n < kKeys / 8; ++n) {
        BENCH_UNROLL
        for (int e = 0; e < 4; ++e) {
          if (first_key + fragment_column(n, e) >= block.keys) scores.at[n][e] = -kLargest;
        }
      }
    }
    exponentials(scores, scale, softmax, context);
    if (first_key % kDropoutTileKeys == 0) keep.fill(bits, row, first_key);
    BENCH_UNROLL
    for (int n = 0; n < kKeys / 8; ++n) {
      BENCH_UNROLL
      for (int e = 0; e < 4; ++e) {
        if (!keep.keeps(first_key % kDropoutTileKeys, n, e)) scores.at[n][e] = 0;
      }
    }
    BENCH_UNROLL
    for (int n = 0; n < kKeys / 8; n += 2) {
      accumulate_rows<T, kColumns>(context, scores, n, v_tile(tile), n * 8);
    }
  }
  if (row >= block.end) return;
  float* log_sum_exp = row_statistics_of_head(args.log_sum_exp, args.rows, block);
  float factors[2];
  BENCH_UNROLL
  for (int i = 0; i < 2; ++i) {
    float sum = softmax.sum[i];
    sum += __shfl_xor_sync(0xffffffff, sum, 1);
    sum += __shfl_xor_sync(0xffffffff, sum, 2);
    factors[i] = fast_quotient(dropout.scale, sum);
    const int own_row = row + fragment_row(2 * i);
    if (threadIdx.x % 4 == 0 && own_row < block.end) {
      log_sum_exp[own_row] = fmaf(softmax.maximum[i], args.scale, logf(sum));
    }
  }
  store_rows<T, kColumns>(context, factors, q_tile, tile_row,
                          hidden_rows(args.context, args.rows, block), row, block.end, head_dim);
#endif
}

}  // namespace kernels
