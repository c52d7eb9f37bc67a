#pragma once

// Rows of LayerNorm on a device (layer_norm-inl.h's formulas), by row_chunks.cuh.

#include "kernels/core/invertible_columns.h"
#include "kernels/core/row_column_sums.cuh"

namespace kernels {

// ---- columns whose x_hat is kept

/// Whether uninvertible_columns leaves a column of T out.
template <class T>
__device__ __forceinline__ bool is_invertible(float gamma, float beta) {
  return fabsf(gamma) * kInvertibleLimit<T> >= fmaxf(fabsf(beta), kTinyGamma<T>);
}

/// The first of the `count` kept columns that is not before `column`.
__device__ __forceinline__ int64_t first_kept(const InvertibleColumns& kept, int64_t count,
                                              int64_t column) {
  int64_t low = 0;
  int64_t high = count;
  while (low < high) {
    const int64_t middle = (low + high) / 2;
    if (kept.columns[middle] < column) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// visit(element, x_hat) for this lane's elements of the chunk at column `first` that are kept,
/// with where their x_hat of `row` is.
template <int kPack, class Visit>
__device__ __forceinline__ void for_each_kept(const InvertibleColumns& kept, int64_t row,
                                              int64_t first, const Visit& visit) {
  const int64_t count = kept.found == nullptr ? kept.count : *kept.found;
  if (count == 0) return;
  float* x_hat = static_cast<float*>(kept.x_hat) + row * kept.count;
  BENCH_UNROLL
  for (int pack = 0; pack < kChunkElements; pack += kPack) {
    const int64_t column = first + chunk_column<kPack>(pack);
    int64_t next = first_kept(kept, count, column);
    BENCH_UNROLL
    for (int i = 0; i < kPack; ++i) {
      if (next < count && kept.columns[next] == column + i) visit(pack + i, x_hat + next++);
    }
  }
}

// ---- forward

struct RowStatistics {
  float mean;
  float rstd;
};

/// Of a row x: `chunk(i, first)` gives this lane's elements, 0 beyond the row. Two passes; the
/// second also corrects the first one's rounding, so that a constant row has its value for mean and
/// variance 0.
template <int kPack, int kHeld, class ChunkOf>
__device__ __forceinline__ RowStatistics row_statistics(RowSums& sums, int64_t columns, float eps,
                                                        const ChunkOf& chunk_of) {
  const auto count = static_cast<float>(columns);
  TwoSums mine = {0, 0};
  for_each_chunk<kHeld>(columns, [&](int i, int64_t first) {
    const Chunk x = chunk_of(i, first);
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) mine.first += x.at[e];
  });
  const float mean = sums.add(mine).first / count;
  mine = {0, 0};
  for_each_chunk<kHeld>(columns, [&](int i, int64_t first) {
    const Chunk x = chunk_of(i, first);
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) {
      const float deviation = first + chunk_column<kPack>(e) < columns ? x.at[e] - mean : 0;
      mine.first += deviation;
      mine.second += deviation * deviation;
    }
  });
  const TwoSums deviations = sums.add(mine);
  const float correction = deviations.first / count;
  const float variance = deviations.second / count - correction * correction;
  return {mean + correction, rsqrtf(fmaxf(variance, 0.0F) + eps)};
}

/// Writes output = x_hat * gamma + beta of one chunk, and x_hat where it is kept.
template <int kPack, class T>
__device__ __forceinline__ void normalize_chunk(const Chunk& x, const RowStatistics& statistics,
                                                const T* gamma, const T* beta, T* output,
                                                const InvertibleColumns& kept, int64_t row,
                                                int64_t first, int64_t columns) {
  const Chunk scale = load_chunk<kPack>(gamma + first, columns - first);
  const Chunk shift = load_chunk<kPack>(beta + first, columns - first);
  Chunk x_hat;
  Chunk y;
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) {
    x_hat.at[e] = (x.at[e] - statistics.mean) * statistics.rstd;
    y.at[e] = fmaf(x_hat.at[e], scale.at[e], shift.at[e]);
  }
  store_chunk<kPack>(y, output + first, columns - first);
  for_each_kept<kPack>(kept, row, first, [&](int e, float* at) { *at = x_hat.at[e]; });
}

/// LayerNorm of `row` as `args` (an operator's, with LayerNorm's fields under their names) asks:
/// writes its statistics and its output. `chunk_of` is row_statistics'.
template <int kPack, int kHeld, class Args, class ChunkOf>
__device__ __forceinline__ void normalize_row(RowSums& sums, const Args& args, int64_t row,
                                              const ChunkOf& chunk_of) {
  const RowStatistics statistics =
      row_statistics<kPack, kHeld>(sums, args.columns, args.eps, chunk_of);
  if (threadIdx.x == 0 && threadIdx.y == 0) {
    args.mean[row] = statistics.mean;
    args.rstd[row] = statistics.rstd;
  }
  for_each_chunk<kHeld>(args.columns, [&](int i, int64_t first) {
    normalize_chunk<kPack>(chunk_of(i, first), statistics, args.gamma, args.beta,
                           args.output + row * args.columns, args.kept, row, first, args.columns);
  });
}

// ---- backward

inline constexpr unsigned kNanBits = 0x7fc00000;

/// x_hat of one chunk from LayerNorm's input, or with `input` null from its output: NaN in a column
/// that cannot be inverted and is not kept. 0 or finite beyond the row.
template <int kPack, class T>
__device__ __forceinline__ Chunk x_hat_of_chunk(const T* input, const T* output,
                                                const RowStatistics& statistics, const Chunk& gamma,
                                                const T* beta, const InvertibleColumns& kept,
                                                int64_t row, int64_t first, int64_t columns) {
  Chunk x_hat;
  if (input != nullptr) {
    x_hat = load_chunk<kPack>(input + first, columns - first);
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) {
      x_hat.at[e] = (x_hat.at[e] - statistics.mean) * statistics.rstd;
    }
    return x_hat;
  }
  x_hat = load_chunk<kPack>(output + first, columns - first);
  const Chunk shift = load_chunk<kPack>(beta + first, columns - first);
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) {
    const bool inside = first + chunk_column<kPack>(e) < columns;
    const float quotient = is_invertible<T>(gamma.at[e], shift.at[e])
                               ? fast_quotient(x_hat.at[e] - shift.at[e], gamma.at[e])
                               : float_of_bits(kNanBits);
    x_hat.at[e] = inside ? quotient : 0;
  }
  for_each_kept<kPack>(kept, row, first, [&](int e, float* at) { x_hat.at[e] = *at; });
  return x_hat;
}

/// One chunk of what a row's gradient is made of.
struct NormalizedChunk {
  Chunk gamma;
  Chunk x_hat;
  Chunk d_output;
};

/// A row's g = d_output * gamma and x_hat of one chunk.
struct GradientChunks {
  Chunk g;
  Chunk x_hat;

  GradientChunks() = default;
  __device__ __forceinline__ explicit GradientChunks(const NormalizedChunk& chunk)
      : x_hat(chunk.x_hat) {
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) g.at[e] = chunk.d_output.at[e] * chunk.gamma.at[e];
  }
};

/// d_input of LayerNorm before rounding, rstd * (g - mean(g) - x_hat * mean(g * x_hat)).
__device__ __forceinline__ Chunk input_gradient(const GradientChunks& chunks, const TwoSums& means,
                                                float rstd) {
  Chunk result;
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) {
    const float centred = chunks.g.at[e] - means.first;
    result.at[e] = fmaf(-chunks.x_hat.at[e], means.second, centred) * rstd;
  }
  return result;
}

/// LayerNorm's gradient of one row: load(first) gives a NormalizedChunk, write(i, first, chunk)
/// gets d_input before rounding. Adds to the column sums `d_gamma` and `d_gamma` + 1 (d_beta).
template <int kPack, int kHeld, int kSums, class Load, class Write>
__device__ __forceinline__ void row_gradient(RowSums& sums, int64_t columns, float rstd,
                                             int d_gamma,
                                             RowColumnSums<kPack, kHeld, kSums>& column_sums,
                                             const Load& load, const Write& write) {
  GradientChunks held[kHeld > 0 ? kHeld : 1];
  TwoSums means = {0, 0};
  for_each_chunk<kHeld>(columns, [&](int i, int64_t first) {
    const NormalizedChunk chunk = load(first);
    held[i] = GradientChunks(chunk);
    Chunk products;
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) {
      products.at[e] = chunk.d_output.at[e] * chunk.x_hat.at[e];
      means.first += held[i].g.at[e];
      means.second += held[i].g.at[e] * chunk.x_hat.at[e];
    }
    column_sums.add(d_gamma, i, first, products);
    column_sums.add(d_gamma + 1, i, first, chunk.d_output);
  });
  means = sums.add(means);
  means.first /= static_cast<float>(columns);
  means.second /= static_cast<float>(columns);
  for_each_chunk<kHeld>(columns, [&](int i, int64_t first) {
    if constexpr (kHeld == 0) held[0] = GradientChunks(load(first));
    write(i, first, input_gradient(held[i], means, rstd));
  });
}

}  // namespace kernels
