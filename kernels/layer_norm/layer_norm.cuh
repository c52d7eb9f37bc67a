#pragma once

// output = (input - mean) * rstd * gamma + beta by rows of [rows, columns], and its gradients. A
// thread block of (32, kRowWarps) handles one row after another (row_chunks.cuh): those
// blockIdx.x, + gridDim.x, ... forward, a range of neighbours backward. With kHeld > 0 a row waits
// in registers from its first reading to its last writing: bytes moved are 2 elements forward, 3 or
// 4 backward, and the partial rows of d_gamma and d_beta. Statistics and arithmetic in float, one
// rounding to T at the end.

#include "kernels/core/layer_norm.cuh"
#include "kernels/layer_norm/layer_norm.h"

namespace kernels {

// ---- forward

template <int kPack, int kHeld, class T>
__global__ void __launch_bounds__(kRowThreads) layer_norm_forward_kernel(LayerNormForward<T> args) {
  RowSums sums;
  for (int64_t row = blockIdx.x; row < args.rows; row += gridDim.x) {
    const int64_t offset = row * args.columns;
    const auto load_input = [&](int64_t first) {
      return load_chunk<kPack>(args.input + offset + first, args.columns - first);
    };
    // 1. Load.
    HeldChunks<kHeld> held;
    if constexpr (kHeld > 0) {
      for_each_chunk<kHeld>(args.columns,
                            [&](int i, int64_t first) { held.at[i] = load_input(first); });
    }
    const auto input = [&](int i, int64_t first) {
      return kHeld > 0 ? held.at[i] : load_input(first);
    };
    // 2. Reduce and write.
    normalize_row<kPack, kHeld>(sums, args, row, input);
  }
}

// ---- backward

template <int kPack, int kHeld, class T>
__global__ void __launch_bounds__(kRowThreads)
    layer_norm_backward_kernel(LayerNormBackward<T> args, ColumnPartials partials) {
  RowSums sums;
  RowColumnSums<kPack, kHeld, 2> columns(partials, args.columns);
  const int64_t end = args.rows * (blockIdx.x + 1) / gridDim.x;
  for (int64_t row = args.rows * blockIdx.x / gridDim.x; row < end; ++row) {
    const int64_t offset = row * args.columns;
    const RowStatistics statistics = {args.mean[row], args.rstd[row]};
    const T* input = args.input == nullptr ? nullptr : args.input + offset;
    const T* output = args.output == nullptr ? nullptr : args.output + offset;
    const auto load = [&](int64_t first) {
      const int64_t left = args.columns - first;
      NormalizedChunk chunk;
      chunk.gamma = load_chunk<kPack>(args.gamma + first, left);
      chunk.x_hat = x_hat_of_chunk<kPack>(input, output, statistics, chunk.gamma, args.beta,
                                          args.kept, row, first, args.columns);
      chunk.d_output = load_chunk<kPack>(args.d_output + offset + first, left);
      return chunk;
    };
    const auto write = [&](int /*i*/, int64_t first, Chunk gradient) {
      const int64_t left = args.columns - first;
      if (args.d_residual != nullptr) {
        add_chunk(gradient, load_chunk<kPack>(args.d_residual + offset + first, left));
      }
      store_chunk<kPack>(gradient, args.d_input + offset + first, left);
    };
    row_gradient(sums, args.columns, statistics.rstd, 0, columns, load, write);
  }
  columns.finish();
}

}  // namespace kernels
