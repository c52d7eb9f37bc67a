#pragma once

// Rows that a thread block of (32, kRowWarps) threads handles one at a time: chunk after chunk of
// 256 columns to the warps in turn, eight elements of a chunk to a lane. Up to kHeld chunks a warp
// wait in registers between the passes over a row; with kHeld = 0 a row has any length, and each
// pass reads it from memory.

#include "kernels/core/chunk.cuh"
#include "kernels/core/warp.cuh"

namespace kernels {

inline constexpr int kRowWarps = 4;
inline constexpr int kRowThreads = 32 * kRowWarps;

/// body(i, first) for the chunks of this warp: held as number i, from column `first` on.
template <int kHeld, class Body>
__device__ __forceinline__ void for_each_chunk(int64_t columns, const Body& body) {
  for_each_chunk<kHeld>(columns, static_cast<int>(threadIdx.y), kRowWarps, body);
}

struct TwoSums {
  float first;
  float second;
};

/// Sums over a row, one after another, the same bits for all threads. Two halves take turns, so
/// that one barrier a sum is enough: who writes into a half has passed the barrier after all have
/// read it.
class RowSums {
 public:
  __device__ __forceinline__ TwoSums add(TwoSums mine) {
    BENCH_SHARED(of_warps, TwoSums[2][kRowWarps]);
    mine = {sum_of_lanes(mine.first), sum_of_lanes(mine.second)};
    if (threadIdx.x == 0) of_warps[half_][threadIdx.y] = mine;
    __syncthreads();
    TwoSums total = {0, 0};
    BENCH_UNROLL
    for (int warp = 0; warp < kRowWarps; ++warp) {
      total.first += of_warps[half_][warp].first;
      total.second += of_warps[half_][warp].second;
    }
    half_ = 1 - half_;
    return total;
  }

 private:
  int half_ = 0;
};

}  // namespace kernels
