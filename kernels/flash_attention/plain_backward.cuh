#pragma once

// Backward without tensor cores (plain_rows.cuh), in the two kernels of matrix_backward.cuh.

#include "kernels/flash_attention/plain_rows.cuh"
#include "kernels/flash_attention/score_gradient.cuh"

namespace kernels {

template <class T, int kLaneColumns>
__global__ void __launch_bounds__(kPlainThreads)
    plain_attention_query_gradient_kernel(FlashAttentionBackward<T> args, DeviceDropout dropout,
                                          uint32_t blocks_a_sequence, QueryGradient<T> d_query,
                                          float* row_means) {
  using Shape = PlainShape<kLaneColumns>;
  BENCH_SHARED(keep, DropoutTile<Shape::kRows>);
  const AttentionBlock block(args.rows, blocks_a_sequence);
  if (block.is_empty()) return;
  const int head_dim = block.head_dim;
  const PlainTiles<kLaneColumns> tiles;
  const HeadDropout bits = {dropout, device_dropout_key(dropout, block.head), block.sequence};
  const float scale = args.scale * kLog2E;
  const HeadRows<const T> d_context = hidden_rows(args.d_context, args.rows, block);
  const HeadRows<const T> context = hidden_rows(args.context, args.rows, block);
  const float* log_sum_exp = row_statistics_of_head(args.log_sum_exp, args.rows, block);
  row_means = row_statistics_of_head(row_means, args.rows, block);
  const auto read_others = [&](int part, int first) {
    read_qkv_rows<kLaneColumns, kOtherRows>(tiles.other(), args, block, part, first, block.keys);
  };
  PlainColumnSums<kLaneColumns> column_sums;
  PlainRow<kLaneColumns> factors;
  BENCH_UNROLL
  for (float& each : factors.at) each = args.scale;
  for (int begin = block.begin; begin < block.end; begin += Shape::kRows) {
    const int row = begin + plain_row<kLaneColumns>();
    PlainRow<kLaneColumns> log2_sum_exp;
    PlainRow<kLaneColumns> mean;
    PlainSums<kLaneColumns> d_q;
    read_qkv_rows<kLaneColumns, Shape::kRows>(tiles.own(0), args, block, 0, begin, block.end);
    read_rows<kLaneColumns, Shape::kRows, T>(tiles.own(1), d_context, nullptr, begin, block.end,
                                             head_dim);
    BENCH_UNROLL
    for (int r = 0; r < Shape::kRowsAWarp; ++r) {
      float products = 0;
      for (int column = static_cast<int>(threadIdx.x); column < head_dim && row + r < block.end;
           column += 32) {
        products = fmaf(widen(d_context.row(row + r)[column]), widen(context.row(row + r)[column]),
                        products);
      }
      mean.at[r] = sum_of_lanes(products);
      if (threadIdx.x == 0 && row + r < block.end) row_means[row + r] = mean.at[r];
      // Rows that there are not have P = 0.
      log2_sum_exp.at[r] = row + r < block.end ? log_sum_exp[row + r] * kLog2E : kLargest;
    }
    for (int first = 0; first < block.keys; first += kOtherRows) {
      const int in_tile = first % kDropoutTileKeys + static_cast<int>(threadIdx.x);
      const bool attended = first + static_cast<int>(threadIdx.x) < block.keys;
      read_others(2, first);
      if (first % kDropoutTileKeys == 0) keep.template fill<kPlainWarps>(bits, begin, first);
      __syncthreads();
      const PlainRow<kLaneColumns> d_dropped =
          multiply_plain_rows<kLaneColumns>(tiles.own(1), tiles.other(), head_dim);
      __syncthreads();
      read_others(1, first);
      __syncthreads();
      PlainRow<kLaneColumns> scores =
          multiply_plain_rows<kLaneColumns>(tiles.own(0), tiles.other(), head_dim);
      BENCH_UNROLL
      for (int r = 0; r < Shape::kRowsAWarp; ++r) {
        const bool kept = keep.keeps(plain_row<kLaneColumns>() + r, in_tile);
        const ScoreGradient gradient = score_gradient(scores.at[r], scale, log2_sum_exp.at[r], kept,
                                                      d_dropped.at[r], dropout.scale, mean.at[r]);
        scores.at[r] = attended ? rounded_to<T>(gradient.d_score) : 0;
      }
      store_weights<kLaneColumns>(tiles.weights(), scores);
      accumulate_plain_rows<kLaneColumns>(d_q, tiles.weights(), tiles.other());
      // The next tile takes its place.
      __syncthreads();
    }
    store_plain_rows(d_q, factors, d_query.rows(args.rows, block), row, block.end, head_dim);
    column_sums.add(d_q, args.scale);
  }
  column_sums.store(tiles.other(), partial_sums(args, block, 0), head_dim);
}

template <class T, int kLaneColumns>
__global__ void __launch_bounds__(kPlainThreads)
    plain_attention_key_gradient_kernel(FlashAttentionBackward<T> args, DeviceDropout dropout,
                                        uint32_t blocks_a_sequence, const float* row_means) {
  using Shape = PlainShape<kLaneColumns>;
  BENCH_SHARED(keep, DropoutTile<kOtherRows>);
  const AttentionBlock block(args.rows, blocks_a_sequence);
  if (block.is_empty()) return;
  const int head_dim = block.head_dim;
  const PlainTiles<kLaneColumns> tiles;
  const HeadDropout bits = {dropout, device_dropout_key(dropout, block.head), block.sequence};
  const float scale = args.scale * kLog2E;
  const float* log_sum_exp = row_statistics_of_head(args.log_sum_exp, args.rows, block);
  row_means = row_statistics_of_head(row_means, args.rows, block);
  const auto read_own = [&](int which, int part, int begin) {
    read_qkv_rows<kLaneColumns, Shape::kRows>(tiles.own(which), args, block, part, begin,
                                              block.end);
  };
  const auto read_queries = [&](int first) {
    read_qkv_rows<kLaneColumns, kOtherRows>(tiles.other(), args, block, 0, first, block.rows);
  };
  PlainColumnSums<kLaneColumns> k_sums;
  PlainColumnSums<kLaneColumns> v_sums;
  PlainRow<kLaneColumns> k_factors;
  PlainRow<kLaneColumns> v_factors;
  BENCH_UNROLL
  for (float& each : k_factors.at) each = args.scale;
  BENCH_UNROLL
  for (float& each : v_factors.at) each = dropout.scale;
  for (int begin = block.begin; begin < block.end; begin += Shape::kRows) {
    const int row = begin + plain_row<kLaneColumns>();
    PlainSums<kLaneColumns> d_k;
    PlainSums<kLaneColumns> d_v;
    // Without a key among the rows all gradients are 0.
    const int queries = begin < block.keys ? block.rows : 0;
    if (queries > 0) {
      read_own(0, 1, begin);
      read_own(1, 2, begin);
    }
    for (int first = 0; first < queries; first += kOtherRows) {
      const int lane = static_cast<int>(threadIdx.x);
      const bool there = first + lane < block.rows;
      // Queries that there are not have P = 0.
      const float log2_sum_exp = there ? log_sum_exp[first + lane] * kLog2E : kLargest;
      const float mean = there ? row_means[first + lane] : 0;
      read_queries(first);
      keep.template fill<kPlainWarps>(bits, first, block.begin);
      __syncthreads();
      PlainRow<kLaneColumns> scores =
          multiply_plain_rows<kLaneColumns>(tiles.own(0), tiles.other(), head_dim);
      __syncthreads();
      read_rows<kLaneColumns, kOtherRows, T>(tiles.other(),
                                             hidden_rows(args.d_context, args.rows, block), nullptr,
                                             first, block.rows, head_dim);
      __syncthreads();
      PlainRow<kLaneColumns> dropped =
          multiply_plain_rows<kLaneColumns>(tiles.own(1), tiles.other(), head_dim);
      BENCH_UNROLL
      for (int r = 0; r < Shape::kRowsAWarp; ++r) {
        const bool kept = keep.keeps(lane, row + r - block.begin);
        const bool attended = row + r < block.keys;
        const ScoreGradient gradient = score_gradient(scores.at[r], scale, log2_sum_exp, kept,
                                                      dropped.at[r], dropout.scale, mean);
        dropped.at[r] = attended ? rounded_to<T>(gradient.dropped) : 0;
        scores.at[r] = attended ? rounded_to<T>(gradient.d_score) : 0;
      }
      store_weights<kLaneColumns>(tiles.weights(), dropped);
      accumulate_plain_rows<kLaneColumns>(d_v, tiles.weights(), tiles.other());
      store_weights<kLaneColumns>(tiles.weights(), scores);
      __syncthreads();
      read_queries(first);
      __syncthreads();
      accumulate_plain_rows<kLaneColumns>(d_k, tiles.weights(), tiles.other());
      // The next tile takes its place.
      __syncthreads();
    }
    store_plain_rows(d_k, k_factors, qkv_rows(args.d_qkv, args.rows, block, 1), row, block.end,
                     head_dim);
    store_plain_rows(d_v, v_factors, qkv_rows(args.d_qkv, args.rows, block, 2), row, block.end,
                     head_dim);
    k_sums.add(d_k, args.scale);
    v_sums.add(d_v, dropout.scale);
  }
  k_sums.store(tiles.other(), partial_sums(args, block, 1), head_dim);
  v_sums.store(tiles.other(), partial_sums(args, block, 2), head_dim);
}

}  // namespace kernels
