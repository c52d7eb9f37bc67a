#pragma once

// Reductions over the lanes of a whole warp. The order is fixed, and all lanes get the same bits:
// in each step both lanes of a pair add the same two numbers.

#include "kernels/core/device.cuh"

namespace kernels {

inline constexpr uint32_t kAllLanes = 0xffffffff;

template <class Number>
__device__ __forceinline__ Number sum_of_lanes(Number mine) {
  BENCH_UNROLL
  for (int distance = 16; distance > 0; distance /= 2) {
    mine += __shfl_xor_sync(kAllLanes, mine, distance);
  }
  return mine;
}

__device__ __forceinline__ float max_of_lanes(float mine) {
  BENCH_UNROLL
  for (int distance = 16; distance > 0; distance /= 2) {
    mine = fmaxf(mine, __shfl_xor_sync(kAllLanes, mine, distance));
  }
  return mine;
}

}  // namespace kernels
