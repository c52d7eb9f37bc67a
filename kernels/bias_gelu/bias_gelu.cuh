#pragma once

// output = gelu(input + bias);  d_input = d_output * gelu'(input + bias), d_bias its column sums.
// Over [rows, columns], by column tiles (column_sums.cuh): a lane keeps its bias and its part of
// d_bias in registers while its warp walks down the rows, some of them loaded before the first is
// computed. gelu and gelu' are recomputed from `input` in backward. grid (chunks of columns, row
// blocks), block (32, kTileWarps). Bytes moved: forward 2, backward 3 elements each, and the
// partial rows. Arithmetic in float, one rounding to T at the end; d_bias adds the rounded d_input.

#include "kernels/bias_gelu/bias_gelu.h"
#include "kernels/core/column_sums.cuh"
#include "kernels/core/gelu.cuh"

namespace kernels {

// ---- forward

/// Loads under way a lane: with more, older devices run out of registers.
inline constexpr int kGeluRowsAtOnce = 2;

template <Gelu kGelu>
__device__ __forceinline__ Chunk biased_gelu(const Chunk& input, const Chunk& bias) {
  Chunk result;
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) {
    const float x = input.at[e] + bias.at[e];
    result.at[e] = x * gelu_parts<kGelu>(x).share;
  }
  return result;
}

template <Gelu kGelu, int kPack, class T>
__global__ void __launch_bounds__(kTileThreads) bias_gelu_forward_kernel(BiasGeluForward<T> args) {
  const int64_t column = tile_column();
  const int64_t left = args.columns - column;
  const Chunk bias = load_chunk<kPack>(args.bias + column, left);
  const int64_t stride = int64_t{gridDim.y} * kTileWarps;
  for (int64_t first = int64_t{blockIdx.y} * kTileWarps + threadIdx.y; first < args.rows;
       first += stride * kGeluRowsAtOnce) {
    // 1. Load.
    Chunk input[kGeluRowsAtOnce];
    BENCH_UNROLL
    for (int i = 0; i < kGeluRowsAtOnce; ++i) {
      const int64_t row = first + i * stride;
      if (row < args.rows)
        input[i] = load_chunk<kPack>(args.input + row * args.columns + column, left);
    }
    // 2. Compute and write.
    BENCH_UNROLL
    for (int i = 0; i < kGeluRowsAtOnce; ++i) {
      const int64_t row = first + i * stride;
      if (row >= args.rows) break;
      store_chunk<kPack>(biased_gelu<kGelu>(input[i], bias),
                         args.output + row * args.columns + column, left);
    }
  }
}

// ---- backward

/// The gradient of a row's chunk, rounded to T.
template <Gelu kGelu, class T>
__device__ __forceinline__ Chunk gelu_gradient(const Chunk& input, const Chunk& bias,
                                               const Chunk& d_output) {
  Chunk result;
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) {
    const float derivative = gelu_parts<kGelu>(input.at[e] + bias.at[e]).derivative;
    result.at[e] = rounded_to<T>(d_output.at[e] * derivative);
  }
  return result;
}

template <Gelu kGelu, int kPack, class T>
__global__ void __launch_bounds__(kTileThreads)
    bias_gelu_backward_kernel(BiasGeluBackward<T> args, ColumnPartials partials) {
  const int64_t column = tile_column();
  const int64_t left = args.columns - column;
  const Chunk bias = load_chunk<kPack>(args.bias + column, left);
  Chunk d_bias = {};
  const int64_t end = args.rows * (blockIdx.y + 1) / gridDim.y;
  for (int64_t first = args.rows * blockIdx.y / gridDim.y + threadIdx.y; first < end;
       first += kTileWarps * kGeluRowsAtOnce) {
    // 1. Load.
    Chunk input[kGeluRowsAtOnce];
    Chunk d_output[kGeluRowsAtOnce];
    BENCH_UNROLL
    for (int i = 0; i < kGeluRowsAtOnce; ++i) {
      const int64_t row = first + i * kTileWarps;
      if (row >= end) break;
      input[i] = load_chunk<kPack>(args.input + row * args.columns + column, left);
      d_output[i] = load_chunk<kPack>(args.d_output + row * args.columns + column, left);
    }
    // 2. Compute, add, write.
    BENCH_UNROLL
    for (int i = 0; i < kGeluRowsAtOnce; ++i) {
      const int64_t row = first + i * kTileWarps;
      if (row >= end) break;
      const Chunk gradient = gelu_gradient<kGelu, T>(input[i], bias, d_output[i]);
      add_chunk(d_bias, gradient);
      store_chunk<kPack>(gradient, args.d_input + row * args.columns + column, left);
    }
  }
  // 3. Reduce.
  store_column_partials<kPack>(d_bias, partials, args.columns);
}

}  // namespace kernels
