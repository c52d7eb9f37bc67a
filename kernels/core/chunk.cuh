#pragma once

// 256 neighbouring columns of a row, which a warp handles together: eight elements to a lane, in
// packs of kPack neighbours that one access moves.

#include "kernels/core/vector.cuh"

namespace kernels {

inline constexpr int kChunkColumns = 256;
inline constexpr int kChunkElements = kChunkColumns / 32;

/// A lane's elements.
struct Chunk {
  float at[kChunkElements];
};

/// The column in its chunk of element i of this lane, threadIdx.x.
template <int kPack>
__device__ __forceinline__ int chunk_column(int i) {
  return i / kPack * 32 * kPack + static_cast<int>(threadIdx.x) * kPack + i % kPack;
}

/// Of the chunk that begins at `from`, with `columns` of the row left: 0 beyond them.
template <int kPack, class T>
__device__ __forceinline__ Chunk load_chunk(const T* from, int64_t columns) {
  Chunk chunk;
  BENCH_UNROLL
  for (int pack = 0; pack < kChunkElements; pack += kPack) {
    const int column = chunk_column<kPack>(pack);
    const FloatPack<kPack> values =
        column < columns ? load<kPack>(from + column) : FloatPack<kPack>{};
    BENCH_UNROLL
    for (int i = 0; i < kPack; ++i) chunk.at[pack + i] = values.at[i];
  }
  return chunk;
}

template <int kPack, class T>
__device__ __forceinline__ void store_chunk(const Chunk& chunk, T* to, int64_t columns) {
  BENCH_UNROLL
  for (int pack = 0; pack < kChunkElements; pack += kPack) {
    const int column = chunk_column<kPack>(pack);
    if (column >= columns) break;
    FloatPack<kPack> values;
    BENCH_UNROLL
    for (int i = 0; i < kPack; ++i) values.at[i] = chunk.at[pack + i];
    store(values, to + column);
  }
}

__device__ __forceinline__ void add_chunk(Chunk& to, const Chunk& terms) {
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) to.at[e] += terms.at[e];
}

template <class T>
__device__ __forceinline__ Chunk rounded_chunk(const Chunk& chunk) {
  Chunk result;
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) result.at[e] = rounded_to<T>(chunk.at[e]);
  return result;
}

// ---- rows of chunks

/// Where in registers a warp holds up to kHeld chunks of a row between its passes over it; without,
/// the one that it works on.
template <int kHeld>
struct HeldChunks {
  Chunk at[kHeld > 0 ? kHeld : 1];
};

/// body(i, first) for the chunks `begin`, + `step`, ... of a row: held as number i, from column
/// `first` on. With kHeld > 0 there are no more than that; all lanes of a warp go through the same.
template <int kHeld, class Body>
__device__ __forceinline__ void for_each_chunk(int64_t columns, int begin, int step,
                                               const Body& body) {
  if constexpr (kHeld > 0) {
    BENCH_UNROLL
    for (int i = 0; i < kHeld; ++i) {
      const int64_t first = (int64_t{begin} + i * step) * kChunkColumns;
      if (first < columns) body(i, first);
    }
  } else {
    for (int64_t chunk = begin; chunk * kChunkColumns < columns; chunk += step) {
      body(0, chunk * kChunkColumns);
    }
  }
}

}  // namespace kernels
