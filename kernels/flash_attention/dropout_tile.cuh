#pragma once

// Dropout bits of tiles of P, [queries, 128 keys]: the eight bits of a counter lie in one tile.

#include "kernels/core/dropout.cuh"

namespace kernels {

inline constexpr int kDropoutTileKeys = 128;

/// Names the bits of a sequence and head.
struct HeadDropout {
  DeviceDropout stream;
  DropoutKey key;
  int64_t sequence;

  __device__ __forceinline__ uint32_t bits(int query, int key_column) const {
    return keep_bits_of_counter(stream, key, sequence, query, key_column);
  }
};

/// Bits of kRows queries in shared memory.
template <int kRows>
class DropoutTile {
 public:
  /// Makes those of the queries from `first_query` and the keys from `first_key` on, a multiple of
  /// 128. All threads of a block of (32, kWarps) call it; a barrier has to follow.
  template <int kWarps>
  __device__ __forceinline__ void fill(const HeadDropout& dropout, int first_query, int first_key) {
    constexpr int kPairs = kRows / 2;
    const int thread = static_cast<int>(threadIdx.y * 32 + threadIdx.x);
    BENCH_NO_UNROLL
    for (int i = thread; i < 16 * kPairs; i += 32 * kWarps) {
      const int column = i / kPairs;
      const int query = first_query + i % kPairs * 2;
      const uint32_t even = dropout.bits(query, first_key + column);
      const uint32_t odd = dropout.bits(query + 1, first_key + column);
      pairs_[column][i % kPairs] = static_cast<uint16_t>(even | odd << 8);
    }
  }

  /// Bit 8 i: whether key `key` is kept for query `query` + i, both within the tile, `query` even.
  __device__ __forceinline__ uint32_t pair(int query, int key) const {
    return static_cast<uint32_t>(pairs_[key % 16][query / 2]) >> key / 16;
  }
  __device__ __forceinline__ bool keeps(int query, int key) const {
    return pair(query & ~1, key) >> (query % 2 * 8) & 1;
  }

 private:
  // Two more, so that lanes that read neighbouring columns meet no bank twice.
  uint16_t pairs_[16][kRows / 2 + 2];
};

/// Bits of the elements that a lane holds of mma's results (matrix_tile.cuh): two queries eight
/// apart, in registers.
class DropoutFragment {
 public:
  /// Makes those of a warp's 16 queries from `first_query` and the keys from `first_key` on.
  __device__ __forceinline__ void fill(const HeadDropout& dropout, int first_query, int first_key) {
    const int lane = static_cast<int>(threadIdx.x);
    rows_[0] = 0;
    rows_[1] = 0;
    BENCH_NO_UNROLL
    for (int c = 0; c < 4; ++c) {
      const int key = first_key + c / 2 * 8 + lane % 4 * 2 + c % 2;
      BENCH_UNROLL
      for (int i = 0; i < 2; ++i) {
        rows_[i] |= dropout.bits(first_query + lane / 4 + i * 8, key) << (c * 8);
      }
    }
  }

  /// Element e of the n-th eight keys from `first_key` on, a multiple of 16 within the tile.
  __device__ __forceinline__ bool keeps(int first_key, int n, int e) const {
    return rows_[e / 2] >> (n % 2 * 16 + e % 2 * 8 + n / 2) >> (first_key / 16) & 1;
  }

 private:
  uint32_t rows_[2];
};

}  // namespace kernels
