#pragma once

// Backward by tensor cores, in two kernels whose blocks write nothing in common, so that no atomics
// are needed and the bits are the same in every run: first the gradient of q, by blocks of queries
// that go over the keys; then those of k and v, by blocks of keys that go over the queries, with
// the products transposed so that a result is the next product's left factor as it lies in
// registers. The next tile is copied meanwhile.

#include "kernels/flash_attention/dropout_tile.cuh"
#include "kernels/flash_attention/matrix_tile.cuh"
#include "kernels/flash_attention/score_gradient.cuh"

namespace kernels {

template <int kColumns>
struct BackwardShape {
  /// Rows of a tile that a block goes over.
  static constexpr int kTile = kColumns > 64 ? 32 : 64;
  /// Dynamic shared memory: two tiles of the block's own rows, twice two of others.
  static constexpr int kRows = 2 * kAttentionBlockRows + 4 * kTile;
  static constexpr size_t kBytes = sizeof(uint16_t) * kRows * kColumns;
};

/// Rows of a tile that are computed with at a time.
inline constexpr int kBackwardStep = 16;

#if BENCH_HAS_MMA

/// The tiles of a backward block in shared memory.
template <class T, int kColumns>
struct BackwardTiles {
  static constexpr int kTile = BackwardShape<kColumns>::kTile;

  T* first = static_cast<T*>(dynamic_shared());

  /// Of the block's own rows.
  __device__ __forceinline__ T* own(int which) const {
    return first + which * kAttentionBlockRows * kColumns;
  }
  /// Of the `tile`-th tile that it goes over; every second one has the same place.
  __device__ __forceinline__ T* other(int tile, int which) const {
    return own(2) + (tile % 2 * 2 + which) * kTile * kColumns;
  }
  /// Room for store_block_sums, when all are done with the tiles.
  __device__ __forceinline__ float* sums(int which) const {
    return reinterpret_cast<float*>(other(0, 0)) + which * kMatrixWarps * kColumns;
  }
};

/// Of this warp's 16 rows from `row` on: writes the means, and gives those of the lane's two rows.
template <class T>
__device__ __forceinline__ void make_means(const FlashAttentionBackward<T>& args,
                                           const AttentionBlock& block, int row, float* means,
                                           float (&mean)[2]) {
  const int lane = static_cast<int>(threadIdx.x);
  const int own_row = row + lane / 2;
  const HeadRows<const T> d_context = hidden_rows(args.d_context, args.rows, block);
  const HeadRows<const T> context = hidden_rows(args.context, args.rows, block);
  float sum = 0;
  if (own_row < block.end) {
    for (int column = lane % 2 * 8; column < block.head_dim; column += 16) {
      const FloatPack<8> a = load<8>(d_context.row(own_row) + column);
      const FloatPack<8> b = load<8>(context.row(own_row) + column);
      BENCH_UNROLL
      for (int i = 0; i < 8; ++i) sum = fmaf(a.at[i], b.at[i], sum);
    }
  }
  sum += __shfl_xor_sync(0xffffffff, sum, 1);
  if (lane % 2 == 0 && own_row < block.end) means[own_row] = sum;
  BENCH_UNROLL
  for (int i = 0; i < 2; ++i) mean[i] = __shfl_sync(0xffffffff, sum, lane / 4 * 2 + i * 16);
}

#endif  // BENCH_HAS_MMA

template <class T, int kColumns>
__global__ void __launch_bounds__(kMatrixThreads, kMatrixBlocks<kColumns>)
    matrix_attention_query_gradient_kernel(FlashAttentionBackward<T> args, DeviceDropout dropout,
                                           uint32_t blocks_a_sequence, QueryGradient<T> d_query,
                                           float* row_means) {
#if BENCH_HAS_MMA
  constexpr int kKeys = BackwardShape<kColumns>::kTile;
  const AttentionBlock block(args.rows, blocks_a_sequence);
  if (block.is_empty()) return;
  const int head_dim = block.head_dim;
  const BackwardTiles<T, kColumns> tiles;
  const auto q = qkv_copy<T, kColumns>(args, block, 0);
  const auto k = qkv_copy<T, kColumns>(args, block, 1);
  const auto v = qkv_copy<T, kColumns>(args, block, 2);
  const TileCopy<T, kColumns> d_context(hidden_rows(args.d_context, args.rows, block), head_dim);
  const auto start = [&](int tile) {
    k.template start<kKeys>(tiles.other(tile, 0), tile * kKeys, block.keys);
    v.template start<kKeys>(tiles.other(tile, 1), tile * kKeys, block.keys);
  };
  q.template start<kAttentionBlockRows>(tiles.own(0), block.begin, block.end);
  d_context.template start<kAttentionBlockRows>(tiles.own(1), block.begin, block.end);
  start(0);
  const HeadDropout bits = {dropout, device_dropout_key(dropout, block.head), block.sequence};
  const int tile_row = static_cast<int>(threadIdx.y) * 16;
  const int row = block.begin + tile_row;
  const float scale = args.scale * kLog2E;
  float mean[2];
  make_means(args, block, row, row_statistics_of_head(row_means, args.rows, block), mean);
  const float* log_sum_exp = row_statistics_of_head(args.log_sum_exp, args.rows, block);
  float log2_sum_exp[2];
  BENCH_UNROLL
  for (int i = 0; i < 2; ++i) {
    const int own_row = row + fragment_row(2 * i);
    // Rows that there are not have P = 0.
    log2_sum_exp[i] = own_row < block.end ? log_sum_exp[own_row] * kLog2E : kLargest;
  }
  DropoutFragment keep;
  Fragment<kColumns / 8> d_q;
  for (int tile = 0; tile * kKeys < block.keys; ++tile) {
    const int first_key = tile * kKeys;
    const T* k_tile = tiles.other(tile, 0);
    cp_async_wait_all();
    if (tile == 0) q.template finish<kAttentionBlockRows>(tiles.own(0));
    k.template finish<kKeys>(tiles.other(tile, 0));
    v.template finish<kKeys>(tiles.other(tile, 1));
    // Also: all are done with the tile before, whose place the next one takes.
    __syncthreads();
    if (first_key + kKeys < block.keys) start(tile + 1);
    if (row >= block.end) continue;
    if (first_key % kDropoutTileKeys == 0) keep.fill(bits, row, first_key);
    BENCH_NO_UNROLL
    for (int step = 0; step < kKeys && first_key + step < block.keys; step += kBackwardStep) {
      Fragment<kBackwardStep / 8> scores;
      Fragment<kBackwardStep / 8> d_dropped;
      multiply_rows<T, kColumns>(scores, tiles.own(0), tile_row, k_tile, step);
      multiply_rows<T, kColumns>(d_dropped, tiles.own(1), tile_row, tiles.other(tile, 1), step);
      BENCH_UNROLL
      for (int n = 0; n < kBackwardStep / 8; ++n) {
        BENCH_UNROLL
        for (int e = 0; e < 4; ++e) {
          const bool attended = first_key + step + fragment_column(n, e) < block.keys;
          const bool kept = keep.keeps((first_key + step) % kDropoutTileKeys, n, e);
          const ScoreGradient gradient =
              score_gradient(scores.at[n][e], scale, log2_sum_exp[e / 2], kept, d_dropped.at[n][e],
                             dropout.scale, mean[e / 2]);
          scores.at[n][e] = attended ? gradient.d_score : 0;
        }
      }
      accumulate_rows<T, kColumns>(d_q, scores, 0, k_tile, step);
    }
  }
  if (row < block.end) {
    store_rows<T, kColumns>(d_q, {args.scale, args.scale}, tiles.own(0), tile_row,
                            d_query.rows(args.rows, block), row, block.end, head_dim);
  }
  __syncthreads();
  store_block_sums<kColumns>(d_q, args.scale, tiles.sums(0), partial_sums(args, block, 0),
                             head_dim);
#endif
}

template <class T, int kColumns>
__global__ void __launch_bounds__(kMatrixThreads, kMatrixBlocks<kColumns>)
    matrix_attention_key_gradient_kernel(FlashAttentionBackward<T> args, DeviceDropout dropout,
                                         uint32_t blocks_a_sequence, const float* row_means) {
#if BENCH_HAS_MMA
  constexpr int kQueries = BackwardShape<kColumns>::kTile;
  const AttentionBlock block(args.rows, blocks_a_sequence);
  if (block.is_empty()) return;
  BENCH_SHARED(keep_tiles, DropoutTile<kQueries>[2]);
  BENCH_SHARED(log2_sum_exps, float[2][kQueries]);
  BENCH_SHARED(means, float[2][kQueries]);
  const int head_dim = block.head_dim;
  const BackwardTiles<T, kColumns> tiles;
  const auto q = qkv_copy<T, kColumns>(args, block, 0);
  const auto k = qkv_copy<T, kColumns>(args, block, 1);
  const auto v = qkv_copy<T, kColumns>(args, block, 2);
  const TileCopy<T, kColumns> d_context(hidden_rows(args.d_context, args.rows, block), head_dim);
  const float* log_sum_exp = row_statistics_of_head(args.log_sum_exp, args.rows, block);
  row_means = row_statistics_of_head(row_means, args.rows, block);
  const HeadDropout bits = {dropout, device_dropout_key(dropout, block.head), block.sequence};
  const auto start = [&](int tile) {
    q.template start<kQueries>(tiles.other(tile, 0), tile * kQueries, block.rows);
    d_context.template start<kQueries>(tiles.other(tile, 1), tile * kQueries, block.rows);
  };
  /// What comes with a tile of queries besides q and d_context.
  const auto fill = [&](int tile) {
    keep_tiles[tile % 2].template fill<kMatrixWarps>(bits, tile * kQueries, block.begin);
    const int thread = static_cast<int>(threadIdx.y * 32 + threadIdx.x);
    if (thread >= kQueries) return;
    const int query = tile * kQueries + thread;
    // Queries that there are not have P = 0.
    log2_sum_exps[tile % 2][thread] = query < block.rows ? log_sum_exp[query] * kLog2E : kLargest;
    means[tile % 2][thread] = query < block.rows ? row_means[query] : 0;
  };
  const int tile_row = static_cast<int>(threadIdx.y) * 16;
  const int row = block.begin + tile_row;
  const float scale = args.scale * kLog2E;
  Fragment<kColumns / 8> d_k;
  Fragment<kColumns / 8> d_v;
  // Without a key among the block's rows all gradients are 0.
  const int queries = block.begin < block.keys ? block.rows : 0;
  if (queries > 0) {
    k.template start<kAttentionBlockRows>(tiles.own(0), block.begin, block.end);
    v.template start<kAttentionBlockRows>(tiles.own(1), block.begin, block.end);
    start(0);
  }
  for (int tile = 0; tile * kQueries < queries; ++tile) {
    const int first_query = tile * kQueries;
    const T* q_tile = tiles.other(tile, 0);
    const T* d_context_tile = tiles.other(tile, 1);
    fill(tile);
    cp_async_wait_all();
    if (tile == 0) {
      k.template finish<kAttentionBlockRows>(tiles.own(0));
      v.template finish<kAttentionBlockRows>(tiles.own(1));
    }
    q.template finish<kQueries>(tiles.other(tile, 0));
    // Also: all are done with the tile before, whose place the next one takes.
    __syncthreads();
    if (first_query + kQueries < queries) start(tile + 1);
    if (row >= block.keys) continue;
    BENCH_NO_UNROLL
    for (int step = 0; step < kQueries && first_query + step < queries; step += kBackwardStep) {
      Fragment<kBackwardStep / 8> scores;
      Fragment<kBackwardStep / 8> d_dropped;
      multiply_rows<T, kColumns>(scores, tiles.own(0), tile_row, q_tile, step);
      multiply_rows<T, kColumns>(d_dropped, tiles.own(1), tile_row, d_context_tile, step);
      BENCH_UNROLL
      for (int n = 0; n < kBackwardStep / 8; ++n) {
        BENCH_UNROLL
        for (int e = 0; e < 4; ++e) {
          const int query = step + fragment_column(n, e);
          const uint32_t pair =
              keep_tiles[tile % 2].pair(query - e % 2, tile_row + fragment_row(e));
          const ScoreGradient gradient =
              score_gradient(scores.at[n][e], scale, log2_sum_exps[tile % 2][query],
                             (pair >> (e % 2 * 8) & 1) != 0, d_dropped.at[n][e], dropout.scale,
                             means[tile % 2][query]);
          const bool attended = row + fragment_row(e) < block.keys;
          scores.at[n][e] = attended ? gradient.d_score : 0;
          d_dropped.at[n][e] = attended ? gradient.dropped : 0;
        }
      }
      accumulate_rows<T, kColumns>(d_v, d_dropped, 0, d_context_tile, step);
      accumulate_rows<T, kColumns>(d_k, scores, 0, q_tile, step);
    }
  }
  if (row < block.end) {
    store_rows<T, kColumns>(d_k, {args.scale, args.scale}, tiles.own(0), tile_row,
                            qkv_rows(args.d_qkv, args.rows, block, 1), row, block.end, head_dim);
    store_rows<T, kColumns>(d_v, {dropout.scale, dropout.scale}, tiles.own(1), tile_row,
                            qkv_rows(args.d_qkv, args.rows, block, 2), row, block.end, head_dim);
  }
  __syncthreads();
  store_block_sums<kColumns>(d_k, args.scale, tiles.sums(0), partial_sums(args, block, 1),
                             head_dim);
  store_block_sums<kColumns>(d_v, dropout.scale, tiles.sums(1), partial_sums(args, block, 2),
                             head_dim);
#endif
}

}  // namespace kernels
