#pragma once

// Forward without tensor cores (plain_rows.cuh): a running maximum and sum of exponentials a row,
// as in matrix_forward.cuh.

#include "kernels/flash_attention/plain_rows.cuh"

namespace kernels {

template <class T, int kLaneColumns>
__global__ void __launch_bounds__(kPlainThreads)
    plain_attention_forward_kernel(FlashAttentionForward<T> args, DeviceDropout dropout,
                                   uint32_t blocks_a_sequence) {
  using Shape = PlainShape<kLaneColumns>;
  BENCH_SHARED(keep, DropoutTile<Shape::kRows>);
  const AttentionBlock block(args.rows, blocks_a_sequence);
  if (block.is_empty()) return;
  const int head_dim = block.head_dim;
  const PlainTiles<kLaneColumns> tiles;
  const HeadDropout bits = {dropout, device_dropout_key(dropout, block.head), block.sequence};
  const float scale = args.scale * kLog2E;
  float* log_sum_exp = row_statistics_of_head(args.log_sum_exp, args.rows, block);
  const auto read_others = [&](int part, int first) {
    read_qkv_rows<kLaneColumns, kOtherRows>(tiles.other(), args, block, part, first, block.keys);
  };
  for (int begin = block.begin; begin < block.end; begin += Shape::kRows) {
    const int row = begin + plain_row<kLaneColumns>();
    PlainRow<kLaneColumns> maximum;
    PlainRow<kLaneColumns> sum;  // of this lane's keys
    PlainSums<kLaneColumns> context;
    BENCH_UNROLL
    for (float& each : maximum.at) each = -kLargest;
    read_qkv_rows<kLaneColumns, Shape::kRows>(tiles.own(0), args, block, 0, begin, block.end);
    for (int first = 0; first < block.keys; first += kOtherRows) {
      const int in_tile = first % kDropoutTileKeys + static_cast<int>(threadIdx.x);
      const bool attended = first + static_cast<int>(threadIdx.x) < block.keys;
      read_others(1, first);
      if (first % kDropoutTileKeys == 0) keep.template fill<kPlainWarps>(bits, begin, first);
      __syncthreads();
      PlainRow<kLaneColumns> scores =
          multiply_plain_rows<kLaneColumns>(tiles.own(0), tiles.other(), head_dim);
      BENCH_UNROLL
      for (int r = 0; r < Shape::kRowsAWarp; ++r) {
        const float score = attended ? scores.at[r] : -kLargest;
        const float before = maximum.at[r];
        maximum.at[r] = fmaxf(before, max_of_lanes(score));
        const float shift = maximum.at[r] * scale;
        const float rescale = exp2f(fmaf(before, scale, -shift));
        const float exponential = exp2f(fmaf(score, scale, -shift));
        sum.at[r] = fmaf(sum.at[r], rescale, exponential);
        BENCH_UNROLL
        for (float& each : context.at[r]) each *= rescale;
        const bool kept = keep.keeps(plain_row<kLaneColumns>() + r, in_tile);
        scores.at[r] = kept ? rounded_to<T>(exponential) : 0;
      }
      store_weights<kLaneColumns>(tiles.weights(), scores);
      __syncthreads();
      read_others(2, first);
      __syncthreads();
      accumulate_plain_rows<kLaneColumns>(context, tiles.weights(), tiles.other());
      // The next tile takes its place.
      __syncthreads();
    }
    PlainRow<kLaneColumns> factors;
    BENCH_UNROLL
    for (int r = 0; r < Shape::kRowsAWarp; ++r) {
      const float total = sum_of_lanes(sum.at[r]);
      factors.at[r] = fast_quotient(dropout.scale, total);
      if (threadIdx.x == 0 && row + r < block.end) {
        log_sum_exp[row + r] = fmaf(maximum.at[r], args.scale, logf(total));
      }
    }
    store_plain_rows(context, factors, hidden_rows(args.context, args.rows, block), row, block.end,
                     head_dim);
  }
}

}  // namespace kernels
