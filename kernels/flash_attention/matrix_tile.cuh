#pragma once

// Tiles of 16-bit rows in shared memory, and their products by tensor cores. A thread block has
// (32, kMatrixWarps) threads; a warp multiplies 16 rows. Of each 16 x 8 part of a result lane l
// holds four elements: row l / 4, columns 2 (l % 4) and the next; then the same eight rows below
// (mma_m16n8k16's layout).

#include "kernels/core/vector.cuh"
#include "kernels/flash_attention/attention_block.cuh"

namespace kernels {

inline constexpr int kMatrixWarps = 8;
inline constexpr int kMatrixThreads = 32 * kMatrixWarps;
static_assert(16 * kMatrixWarps == kAttentionBlockRows);

/// Thread blocks that a multiprocessor is to run at once, as registers allow.
template <int kColumns>
inline constexpr int kMatrixBlocks = kColumns <= 64 ? 2 : 1;

#if BENCH_HAS_MMA

/// A warp's part of a result, 16 x 8 kCount.
template <int kCount>
struct Fragment {
  float at[kCount][4] = {};
};

/// Row and column of element e of the n-th part, counted from the warp's first.
__device__ __forceinline__ int fragment_row(int e) {
  return static_cast<int>(threadIdx.x) / 4 + e / 2 * 8;
}
__device__ __forceinline__ int fragment_column(int n, int e) {
  return n * 8 + static_cast<int>(threadIdx.x) % 4 * 2 + e % 2;
}

/// Where in a tile of rows of kColumns elements eight of them lie, the chunk-th of `row`. Chunks
/// change places by the row, so that the eight rows that ldmatrix reads at once lie in different
/// banks.
template <int kColumns>
__device__ __forceinline__ int chunk_offset(int row, int chunk) {
  constexpr int kChunks = kColumns / 8;
  static_assert(kChunks == 4 || kChunks % 8 == 0);
  return row * kColumns + (chunk ^ (kChunks == 4 ? row / 2 & 3 : row & 7)) * 8;
}

// ---- from global memory

/// How a thread block copies rows of a head into tiles: a thread the same eight columns of the rows
/// that are its turn. Columns from head_dim on are 0.
template <class T, int kColumns>
class TileCopy {
 public:
  /// With `bias`, it is added before the rows are used, and the sum rounded.
  __device__ __forceinline__ TileCopy(const HeadRows<const T>& from, int head_dim,
                                      const T* bias = nullptr)
      : from_(from), bias_(bias), inside_(column() < head_dim) {}

  /// Starts copying kRows rows from `first` on, zeros from row `end` on. To be waited for.
  template <int kRows>
  __device__ __forceinline__ void start(T* tile, int first, int end) const {
    static_assert(kRows % kRowsATurn == 0);
    BENCH_UNROLL
    for (int i = 0; i < kRows; i += kRowsATurn) {
      const int row = i + thread() / kChunks;
      const bool there = inside_ && first + row < end;
      const T* from = there ? from_.row(first + row) + column() : from_.first;
      cp_async<16>(tile + chunk_offset<kColumns>(row, thread() % kChunks), from, there ? 16 : 0);
    }
  }

  /// Between the wait and the barrier that hands the tile to other threads.
  template <int kRows>
  __device__ __forceinline__ void finish(T* tile) const {
    if (bias_ == nullptr || !inside_) return;
    const Words<4> bias = load_words<4>(bias_ + column());
    BENCH_UNROLL
    for (int i = 0; i < kRows; i += kRowsATurn) {
      T* chunk = tile + chunk_offset<kColumns>(i + thread() / kChunks, thread() % kChunks);
      Words<4> words = load_words<4>(chunk);
      BENCH_UNROLL
      for (int word = 0; word < 4; ++word) {
        float sums[2];
        BENCH_UNROLL
        for (int j = 0; j < 2; ++j) {
          sums[j] = widen(element_of_word<T>(words.at[word], j)) +
                    widen(element_of_word<T>(bias.at[word], j));
        }
        words.at[word] = word_of_elements<T>(sums);
      }
      store_words(words, chunk);
    }
  }

 private:
  static constexpr int kChunks = kColumns / 8;
  static constexpr int kRowsATurn = kMatrixThreads / kChunks;

  static __device__ __forceinline__ int thread() {
    return static_cast<int>(threadIdx.y * 32 + threadIdx.x);
  }
  static __device__ __forceinline__ int column() { return thread() % kChunks * 8; }

  HeadRows<const T> from_;
  const T* bias_;
  bool inside_;
};

/// Of q (part 0), k (1) or v (2) with its bias, for `Args` forward or backward.
template <class T, int kColumns, class Args>
__device__ __forceinline__ TileCopy<T, kColumns> qkv_copy(const Args& args,
                                                          const AttentionBlock& block, int part) {
  return TileCopy<T, kColumns>(qkv_rows(args.qkv, args.rows, block, part), block.head_dim,
                               qkv_bias(args.bias, args.rows, block, part));
}

// ---- products

/// product += a b^T of the 16 rows of tile `a` from `a_row` on and the 8 kCount rows of tile `b`
/// from `b_row` on.
template <class T, int kColumns, int kCount>
__device__ __forceinline__ void multiply_rows(Fragment<kCount>& product, const T* a, int a_row,
                                              const T* b, int b_row) {
  static_assert(kCount % 2 == 0);
  const int lane = static_cast<int>(threadIdx.x);
  BENCH_UNROLL
  for (int k = 0; k < kColumns / 8; k += 2) {
    uint32_t a_words[4];
    // An even number and 0 or 1: their sum as chunk_offset takes it best.
    ldmatrix(a_words, a + chunk_offset<kColumns>(a_row + lane % 16, k ^ lane / 16));
    BENCH_UNROLL
    for (int n = 0; n < kCount; n += 2) {
      uint32_t b_words[4];
      const int row = b_row + n * 8 + lane % 8 + lane / 16 * 8;
      ldmatrix(b_words, b + chunk_offset<kColumns>(row, k ^ lane / 8 % 2));
      const uint32_t first[2] = {b_words[0], b_words[1]};
      const uint32_t second[2] = {b_words[2], b_words[3]};
      mma_m16n8k16<T>(product.at[n], a_words, first);
      mma_m16n8k16<T>(product.at[n + 1], a_words, second);
    }
  }
}

/// sum += a b for the columns [8 n, 8 n + 16) of `a`, rounded to T, and the 16 rows of tile `b`
/// from `b_row` on.
template <class T, int kColumns, int kCount>
__device__ __forceinline__ void accumulate_rows(Fragment<kColumns / 8>& sum,
                                                const Fragment<kCount>& a, int n, const T* b,
                                                int b_row) {
  const int lane = static_cast<int>(threadIdx.x);
  // The layout of a result is that of a left factor.
  const uint32_t a_words[4] = {word_of_elements<T>(a.at[n]), word_of_elements<T>(a.at[n] + 2),
                               word_of_elements<T>(a.at[n + 1]),
                               word_of_elements<T>(a.at[n + 1] + 2)};
  BENCH_UNROLL
  for (int column = 0; column < kColumns / 8; column += 2) {
    uint32_t b_words[4];
    ldmatrix_transposed(b_words, b + chunk_offset<kColumns>(b_row + lane % 16, column ^ lane / 16));
    const uint32_t first[2] = {b_words[0], b_words[1]};
    const uint32_t second[2] = {b_words[2], b_words[3]};
    mma_m16n8k16<T>(sum.at[column], a_words, first);
    mma_m16n8k16<T>(sum.at[column + 1], a_words, second);
  }
}

// ---- to global memory

/// Writes the warp's 16 rows, times factors[0] the upper and factors[1] the lower eight, as rows
/// [first, end) of `to`, through rows of a tile that no other warp uses.
template <class T, int kColumns>
__device__ __forceinline__ void store_rows(const Fragment<kColumns / 8>& rows,
                                           const float (&factors)[2], T* tile, int tile_row,
                                           const HeadRows<T>& to, int first, int end,
                                           int head_dim) {
  constexpr int kChunks = kColumns / 8;
  const int lane = static_cast<int>(threadIdx.x);
  __syncwarp();
  BENCH_UNROLL
  for (int chunk = 0; chunk < kChunks; ++chunk) {
    BENCH_UNROLL
    for (int i = 0; i < 2; ++i) {
      const float values[2] = {rows.at[chunk][2 * i] * factors[i],
                               rows.at[chunk][2 * i + 1] * factors[i]};
      const int row = tile_row + fragment_row(2 * i);
      store_words<1>({{word_of_elements<T>(values)}},
                     tile + chunk_offset<kColumns>(row, chunk) + fragment_column(0, 0));
    }
  }
  __syncwarp();
  for (int i = lane; i < 16 * kChunks; i += 32) {
    const int row = i / kChunks;
    const int chunk = i % kChunks;
    if (first + row >= end || chunk * 8 >= head_dim) continue;
    store_words(load_words<4>(tile + chunk_offset<kColumns>(tile_row + row, chunk)),
                to.row(first + row) + chunk * 8);
  }
}

/// The sums of the block's columns times `factor` to `to`, in the order of the warps. `of_warps` is
/// shared memory for [kMatrixWarps][kColumns]. All threads of the block call it.
template <int kColumns>
__device__ __forceinline__ void store_block_sums(const Fragment<kColumns / 8>& rows, float factor,
                                                 float* of_warps, float* to, int head_dim) {
  const int warp = static_cast<int>(threadIdx.y);
  BENCH_UNROLL
  for (int n = 0; n < kColumns / 8; ++n) {
    BENCH_UNROLL
    for (int e = 0; e < 2; ++e) {
      float sum = (rows.at[n][e] + rows.at[n][e + 2]) * factor;
      BENCH_UNROLL
      for (int distance = 4; distance < 32; distance *= 2) {
        sum += __shfl_xor_sync(0xffffffff, sum, distance);
      }
      if (threadIdx.x < 4) of_warps[warp * kColumns + fragment_column(n, e)] = sum;
    }
  }
  __syncthreads();
  const int column = warp * 32 + static_cast<int>(threadIdx.x);
  if (column >= head_dim) return;
  float total = 0;
  for (int other = 0; other < kMatrixWarps; ++other) total += of_warps[other * kColumns + column];
  to[column] = total;
}

#endif  // BENCH_HAS_MMA

}  // namespace kernels
