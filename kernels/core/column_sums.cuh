#pragma once

// Column sums of an operator's backward pass, in two steps: each thread block adds up its rows, a
// warp some of them, into a partial row; then the partial rows are added. The order of additions
// follows from the number of rows and columns alone. With `stochastic` the blocks add into one
// partial row as they finish, by atomics.

#include "kernels/core/chunk.cuh"

namespace kernels {

/// Thread blocks of column tiles: blockDim = (32, kTileWarps); blockIdx.x is the chunk of columns,
/// blockIdx.y the row block, and the warps take turns at its rows.
inline constexpr int kTileWarps = 8;
inline constexpr int kTileThreads = 32 * kTileWarps;

__device__ __forceinline__ int64_t tile_column() {
  return int64_t{blockIdx.x} * kChunkColumns;
}

/// Where the sums of a block go: its partial row of `width` floats, or the only one.
struct ColumnPartials {
  float* first;
  int64_t width;
  bool stochastic;
};

/// Adds what the warps of a tile's block hold in `sums`, in the order of the warps, into the
/// block's partial row. All threads of the block call it.
template <int kPack>
__device__ __forceinline__ void store_column_partials(const Chunk& sums,
                                                      const ColumnPartials& partials,
                                                      int64_t columns) {
  // [warp][element][lane], so that lanes meet no bank twice.
  BENCH_SHARED(of_warps, float[kTileWarps][kChunkElements][32]);
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) of_warps[threadIdx.y][e][threadIdx.x] = sums.at[e];
  __syncthreads();
  // Each warp adds up one element.
  static_assert(kTileWarps == kChunkElements);
  const int element = static_cast<int>(threadIdx.y);
  const int64_t column = tile_column() + chunk_column<kPack>(element);
  if (column >= columns) return;
  float total = 0;
  BENCH_UNROLL
  for (int warp = 0; warp < kTileWarps; ++warp) total += of_warps[warp][element][threadIdx.x];
  if (partials.stochastic) {
    atomicAdd(partials.first + column, total);
  } else {
    partials.first[int64_t{blockIdx.y} * partials.width + column] = total;
  }
}

/// output i of `columns` columns: blockIdx.y = i.
template <class T, int kOutputs>
struct ColumnTotals {
  T* outputs[kOutputs];
  const float* partials;
  int64_t partial_rows;
  int64_t columns;
};

/// A block adds 32 columns: warp w the partial rows w, w + kTileWarps, ..., then the warps' sums.
template <class T, int kOutputs>
__global__ void __launch_bounds__(kTileThreads)
    column_totals_kernel(ColumnTotals<T, kOutputs> args) {
  BENCH_SHARED(of_warps, float[kTileWarps][32]);
  const int64_t column = int64_t{blockIdx.x} * 32 + threadIdx.x;
  const int64_t width = args.columns * kOutputs;
  const int64_t in_row = blockIdx.y * args.columns + column;
  float sum = 0;
  if (column < args.columns) {
    for (int64_t row = threadIdx.y; row < args.partial_rows; row += kTileWarps) {
      sum += args.partials[row * width + in_row];
    }
  }
  of_warps[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || column >= args.columns) return;
  float total = 0;
  BENCH_UNROLL
  for (int warp = 0; warp < kTileWarps; ++warp) total += of_warps[warp][threadIdx.x];
  T* output = args.outputs[0];
  BENCH_UNROLL
  for (int i = 1; i < kOutputs; ++i) {
    if (static_cast<int>(blockIdx.y) == i) output = args.outputs[i];
  }
  output[column] = narrow<T>(total);
}

}  // namespace kernels
