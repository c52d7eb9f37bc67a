#pragma once

// sum = dropout(input + bias) + residual, rounded to T;  output = LayerNorm(sum), by rows of
// [rows, columns]; and the gradients of all of it. A thread block of (32, kRowWarps) handles one
// row after another (row_chunks.cuh): those blockIdx.x, + gridDim.x, ... forward, a range of
// neighbours backward. With kHeld > 0 a row waits in registers from its first reading to its last
// writing: bytes moved are 3 elements forward (4 with `sum`), 4 to 6 backward, and the partial
// rows. The bits are generated again in backward. Statistics and arithmetic in float; d_residual is
// rounded to T before dropping, d_input before adding into d_bias.

#include "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm.h"
#include "kernels/core/dropout.cuh"
#include "kernels/core/layer_norm.cuh"
#include "kernels/core/sequence_rows.cuh"

namespace kernels {

// ---- forward

/// dropout(input + bias) + residual of the chunk at column `first` of `row`, rounded to T.
template <int kPack, class T>
__device__ __forceinline__ Chunk residual_sum(const BiasDropoutResidualLayerNormForward<T>& args,
                                              const DeviceDropout& dropout, DropoutKey key,
                                              const RowPlace& place, int64_t row, int64_t first) {
  const int64_t offset = row * args.columns + first;
  const int64_t left = args.columns - first;
  Chunk biased = load_chunk<kPack>(args.input + offset, left);
  const Chunk residual = load_chunk<kPack>(args.residual + offset, left);
  add_chunk(biased, load_chunk<kPack>(args.bias + first, left));
  Chunk sum = dropped<kPack>(biased, hidden_keep_bits(dropout, key, place, first), dropout.scale);
  add_chunk(sum, residual);
  return rounded_chunk<T>(sum);
}

template <int kPack, int kHeld, class T>
__global__ void __launch_bounds__(kRowThreads)
    residual_layer_norm_forward_kernel(BiasDropoutResidualLayerNormForward<T> args, int64_t rows,
                                       DeviceDropout dropout) {
  const DropoutKey key = device_dropout_key(dropout, 0);
  RowSums sums;
  for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
    const int64_t offset = row * args.columns;
    const RowPlace place = place_of_row(args.sequences, row);
    // 1. The sum. If it is not held, it waits in `output` if nobody wants it.
    T* memory = args.sum == nullptr ? args.output + offset : args.sum + offset;
    HeldChunks<kHeld> held;
    for_each_chunk<kHeld>(args.columns, [&](int i, int64_t first) {
      held.at[i] = residual_sum<kPack>(args, dropout, key, place, row, first);
      if (kHeld == 0 || args.sum != nullptr) {
        store_chunk<kPack>(held.at[i], memory + first, args.columns - first);
      }
    });
    const auto sum = [&](int i, int64_t first) {
      return kHeld > 0 ? held.at[i] : load_chunk<kPack>(memory + first, args.columns - first);
    };
    // 2. LayerNorm.
    normalize_row<kPack, kHeld>(sums, args, row, sum);
  }
}

// ---- backward

/// Column sums in the order of their outputs.
enum ResidualLayerNormSum : int { kDBias, kDGamma, kDBeta };

/// One row's arrays; what a call does without is null.
template <class T>
struct ResidualLayerNormRow {
  const T* sum;
  const T* output;
  const T* d_output;
  const T* d_output_extra;
  const T* d_sum_extra;
  RowStatistics statistics;

  __device__ __forceinline__
  ResidualLayerNormRow(const BiasDropoutResidualLayerNormBackward<T>& args, int64_t row)
      : sum(at(args.sum, row * args.columns)),
        output(at(args.output, row * args.columns)),
        d_output(at(args.d_output, row * args.columns)),
        d_output_extra(at(args.d_output_extra, row * args.columns)),
        d_sum_extra(at(args.d_sum_extra, row * args.columns)),
        statistics{args.mean[row], args.rstd[row]} {}

 private:
  static __device__ __forceinline__ const T* at(const T* tensor, int64_t offset) {
    return tensor == nullptr ? nullptr : tensor + offset;
  }
};

template <int kPack, class T>
__device__ __forceinline__ NormalizedChunk
load_gradient(const BiasDropoutResidualLayerNormBackward<T>& args,
              const ResidualLayerNormRow<T>& arrays, int64_t row, int64_t first) {
  const int64_t left = args.columns - first;
  NormalizedChunk chunk;
  chunk.gamma = load_chunk<kPack>(args.gamma + first, left);
  chunk.x_hat = x_hat_of_chunk<kPack>(arrays.sum, arrays.output, arrays.statistics, chunk.gamma,
                                      args.beta, args.kept, row, first, args.columns);
  chunk.d_output = load_chunk<kPack>(arrays.d_output + first, left);
  if (arrays.d_output_extra != nullptr) {
    add_chunk(chunk.d_output, load_chunk<kPack>(arrays.d_output_extra + first, left));
  }
  return chunk;
}

template <int kPack, int kHeld, class T>
__global__ void __launch_bounds__(kRowThreads)
    residual_layer_norm_backward_kernel(BiasDropoutResidualLayerNormBackward<T> args, int64_t rows,
                                        DeviceDropout dropout, ColumnPartials partials) {
  const DropoutKey key = device_dropout_key(dropout, 0);
  RowSums sums;
  RowColumnSums<kPack, kHeld, 3> columns(partials, args.columns);
  const int64_t end = rows * (blockIdx.x + 1) / gridDim.x;
  for (int64_t row = rows * blockIdx.x / gridDim.x; row < end; ++row) {
    const int64_t offset = row * args.columns;
    const RowPlace place = place_of_row(args.sequences, row);
    const ResidualLayerNormRow<T> arrays(args, row);
    const auto load = [&](int64_t first) { return load_gradient<kPack>(args, arrays, row, first); };
    const auto write = [&](int i, int64_t first, Chunk d_residual) {
      const int64_t left = args.columns - first;
      if (arrays.d_sum_extra != nullptr) {
        add_chunk(d_residual, load_chunk<kPack>(arrays.d_sum_extra + first, left));
      }
      d_residual = rounded_chunk<T>(d_residual);
      const Chunk d_input = rounded_chunk<T>(
          dropped<kPack>(d_residual, hidden_keep_bits(dropout, key, place, first), dropout.scale));
      store_chunk<kPack>(d_residual, args.d_residual + offset + first, left);
      store_chunk<kPack>(d_input, args.d_input + offset + first, left);
      columns.add(kDBias, i, first, d_input);
    };
    row_gradient(sums, args.columns, arrays.statistics.rstd, kDGamma, columns, load, write);
  }
  columns.finish();
}

}  // namespace kernels
