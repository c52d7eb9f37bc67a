#pragma once

// output = dropout(input + bias) + residual;  d_input = dropout(d_output), d_bias its column sums.
// Over [rows, columns], by column tiles (column_sums.cuh): a lane keeps its bias and its part of
// d_bias in registers while its warp walks down the rows. The bits are generated in registers, in
// backward again. grid (chunks of columns, row blocks), block (32, kTileWarps). Bytes moved:
// forward 3, backward 2 elements each, and the partial rows. Arithmetic in float, one rounding to T
// at the end; d_bias adds the rounded d_input.

#include "kernels/bias_dropout_residual/bias_dropout_residual.h"
#include "kernels/core/column_sums.cuh"
#include "kernels/core/sequence_rows.cuh"

namespace kernels {

// ---- forward

template <int kPack, class T>
__global__ void __launch_bounds__(kTileThreads)
    bias_dropout_residual_forward_kernel(BiasDropoutResidualForward<T> args, int64_t rows,
                                         DeviceDropout dropout) {
  const int64_t column = tile_column();
  const DropoutKey key = device_dropout_key(dropout, 0);
  const int64_t left = args.columns - column;
  const Chunk bias = load_chunk<kPack>(args.bias + column, left);
  for (int64_t row = int64_t{blockIdx.y} * kTileWarps + threadIdx.y; row < rows;
       row += int64_t{gridDim.y} * kTileWarps) {
    const int64_t offset = row * args.columns + column;
    Chunk biased = load_chunk<kPack>(args.input + offset, left);
    const Chunk residual = load_chunk<kPack>(args.residual + offset, left);
    add_chunk(biased, bias);
    const KeepBits bits = hidden_keep_bits(dropout, key, place_of_row(args.sequences, row), column);
    Chunk output = dropped<kPack>(biased, bits, dropout.scale);
    add_chunk(output, residual);
    store_chunk<kPack>(output, args.output + offset, left);
  }
}

// ---- backward

template <int kPack, class T>
__global__ void __launch_bounds__(kTileThreads)
    bias_dropout_residual_backward_kernel(BiasDropoutResidualBackward<T> args, int64_t rows,
                                          DeviceDropout dropout, ColumnPartials partials) {
  const int64_t column = tile_column();
  const DropoutKey key = device_dropout_key(dropout, 0);
  const int64_t left = args.columns - column;
  Chunk d_bias = {};
  const int64_t end = rows * (blockIdx.y + 1) / gridDim.y;
  for (int64_t row = rows * blockIdx.y / gridDim.y + threadIdx.y; row < end; row += kTileWarps) {
    const int64_t offset = row * args.columns + column;
    const Chunk d_output = load_chunk<kPack>(args.d_output + offset, left);
    const KeepBits bits = hidden_keep_bits(dropout, key, place_of_row(args.sequences, row), column);
    const Chunk d_input = rounded_chunk<T>(dropped<kPack>(d_output, bits, dropout.scale));
    add_chunk(d_bias, d_input);
    store_chunk<kPack>(d_input, args.d_input + offset, left);
  }
  store_column_partials<kPack>(d_bias, partials, args.columns);
}

}  // namespace kernels
