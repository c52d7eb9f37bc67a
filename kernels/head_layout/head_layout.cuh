#pragma once

// Splitting the packed QKV projection by head, and merging heads back: copies of head_dim elements.
//   forward:   out[part][b][h, s, :] = in[begin(b) + s, part * hidden + h * head_dim ...] + bias
//   backward:  the copy the other way, and d_bias = column sums
// By column tiles (column_sums.cuh) of the packed tensor: where a lane's packs lie by head depends
// on the row by two products only. grid (chunks of columns, row blocks), block (32, kTileWarps).
// Bytes moved: each element read once and written once, and the partial rows.

#include "kernels/core/column_sums.cuh"
#include "kernels/core/sequence_rows.cuh"
#include "kernels/head_layout/head_layout.h"

namespace kernels {

/// A row's sequence: where it begins, its length, and the row in it.
struct SequenceRow {
  int64_t begin;
  int64_t length;
  int64_t position;
};

__device__ __forceinline__ SequenceRow sequence_row(const SequenceRows& sequences, int64_t row) {
  const RowPlace place = place_of_row(sequences, row);
  const int64_t* offsets = sequences.on_device + place.sequence;
  return {row - place.position, offsets[1] - offsets[0], place.position};
}

/// Where the packs of this lane lie in a tensor by head, [parts][rows, hidden], of which the packed
/// tensor has the columns [parts * hidden]. A pack must not leave its head: kPack divides head_dim.
template <int kPack>
class PacksByHead {
 public:
  static constexpr int kPacks = kChunkElements / kPack;

  __device__ __forceinline__ PacksByHead(const HeadShape& shape, int64_t rows, int64_t first_column)
      : hidden_(shape.heads * shape.head_dim), head_dim_(shape.head_dim) {
    BENCH_UNROLL
    for (int i = 0; i < kPacks; ++i) {
      const int64_t column = first_column + chunk_column<kPack>(i * kPack);
      const int64_t in_part = column % hidden_;
      fixed_[i] = column / hidden_ * rows * hidden_ + in_part % head_dim_;
      head_start_[i] = in_part - in_part % head_dim_;
    }
  }

  __device__ __forceinline__ int64_t at(int pack, const SequenceRow& row) const {
    return fixed_[pack] + row.begin * hidden_ + row.position * head_dim_ +
           head_start_[pack] * row.length;
  }

 private:
  int64_t hidden_;
  int64_t head_dim_;
  int64_t fixed_[kPacks];
  int64_t head_start_[kPacks];
};

template <int kPack, class T>
__device__ __forceinline__ Chunk load_by_head(const T* from, const PacksByHead<kPack>& packs,
                                              const SequenceRow& row, int64_t columns) {
  Chunk chunk = {};
  BENCH_UNROLL
  for (int pack = 0; pack < kChunkElements; pack += kPack) {
    if (chunk_column<kPack>(pack) >= columns) break;
    const FloatPack<kPack> values = load<kPack>(from + packs.at(pack / kPack, row));
    BENCH_UNROLL
    for (int i = 0; i < kPack; ++i) chunk.at[pack + i] = values.at[i];
  }
  return chunk;
}

template <int kPack, class T>
__device__ __forceinline__ void store_by_head(const Chunk& chunk, T* to,
                                              const PacksByHead<kPack>& packs,
                                              const SequenceRow& row, int64_t columns) {
  BENCH_UNROLL
  for (int pack = 0; pack < kChunkElements; pack += kPack) {
    if (chunk_column<kPack>(pack) >= columns) break;
    FloatPack<kPack> values;
    BENCH_UNROLL
    for (int i = 0; i < kPack; ++i) values.at[i] = chunk.at[pack + i];
    store(values, to + packs.at(pack / kPack, row));
  }
}

// ---- forward

template <int kPack, class T>
__global__ void __launch_bounds__(kTileThreads)
    split_heads_forward_kernel(SplitHeadsForward<T> args, int64_t rows) {
  const int64_t width = 3 * args.shape.heads * args.shape.head_dim;
  const int64_t column = tile_column();
  const int64_t left = width - column;
  const PacksByHead<kPack> packs(args.shape, rows, column);
  const Chunk bias = load_chunk<kPack>(args.bias + column, left);
  for (int64_t row = int64_t{blockIdx.y} * kTileWarps + threadIdx.y; row < rows;
       row += int64_t{gridDim.y} * kTileWarps) {
    Chunk values = load_chunk<kPack>(args.input + row * width + column, left);
    add_chunk(values, bias);
    store_by_head(values, args.output, packs, sequence_row(args.shape.sequences, row), left);
  }
}

// ---- backward

template <int kPack, class T>
__global__ void __launch_bounds__(kTileThreads)
    split_heads_backward_kernel(SplitHeadsBackward<T> args, int64_t rows, ColumnPartials partials) {
  const int64_t width = 3 * args.shape.heads * args.shape.head_dim;
  const int64_t column = tile_column();
  const int64_t left = width - column;
  const PacksByHead<kPack> packs(args.shape, rows, column);
  Chunk d_bias = {};
  const int64_t end = rows * (blockIdx.y + 1) / gridDim.y;
  for (int64_t row = rows * blockIdx.y / gridDim.y + threadIdx.y; row < end; row += kTileWarps) {
    const Chunk gradient =
        load_by_head(args.d_output, packs, sequence_row(args.shape.sequences, row), left);
    add_chunk(d_bias, gradient);
    store_chunk<kPack>(gradient, args.d_input + row * width + column, left);
  }
  store_column_partials<kPack>(d_bias, partials, width);
}

// ---- merging

template <int kPack, class T>
__global__ void __launch_bounds__(kTileThreads)
    merge_heads_kernel(MergeHeads<T> args, int64_t rows) {
  const int64_t hidden = args.shape.heads * args.shape.head_dim;
  const int64_t column = tile_column();
  const PacksByHead<kPack> packs(args.shape, rows, column);
  for (int64_t row = int64_t{blockIdx.y} * kTileWarps + threadIdx.y; row < rows;
       row += int64_t{gridDim.y} * kTileWarps) {
    const Chunk values =
        load_by_head(args.input, packs, sequence_row(args.shape.sequences, row), hidden - column);
    store_chunk<kPack>(values, args.output + row * hidden + column, hidden - column);
  }
}

template <int kPack, class T>
__global__ void __launch_bounds__(kTileThreads)
    unmerge_heads_kernel(UnmergeHeads<T> args, int64_t rows) {
  const int64_t hidden = args.shape.heads * args.shape.head_dim;
  const int64_t column = tile_column();
  const PacksByHead<kPack> packs(args.shape, rows, column);
  for (int64_t row = int64_t{blockIdx.y} * kTileWarps + threadIdx.y; row < rows;
       row += int64_t{gridDim.y} * kTileWarps) {
    const Chunk values = load_chunk<kPack>(args.input + row * hidden + column, hidden - column);
    store_by_head(values, args.output, packs, sequence_row(args.shape.sequences, row),
                  hidden - column);
  }
}

}  // namespace kernels
