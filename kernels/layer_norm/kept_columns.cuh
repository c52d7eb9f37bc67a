#pragma once

// The columns of a LayerNorm that cannot be inverted, in ascending order. One warp, 32 columns at a
// time: votes say which are among them, and how many stand before each.

#include "kernels/core/layer_norm.cuh"
#include "kernels/layer_norm/kept_columns.h"

namespace kernels {

template <class T>
__global__ void __launch_bounds__(32) kept_columns_kernel(KeptColumnsSearch<T> args) {
  const int lane = static_cast<int>(threadIdx.x);
  int64_t found = 0;
  for (int64_t first = 0; first < args.columns; first += 32) {
    const int64_t column = first + lane;
    const bool keep = column < args.columns &&
                      !is_invertible<T>(widen(args.gamma[column]), widen(args.beta[column]));
    const uint32_t votes = __ballot_sync(0xffffffff, keep);
    const int64_t place = found + __popc(votes & ((1U << lane) - 1));
    if (keep && place < args.room) args.found[1 + place] = static_cast<int32_t>(column);
    found += __popc(votes);
  }
  if (lane == 0) args.found[0] = static_cast<int32_t>(found < args.room ? found : args.room);
}

}  // namespace kernels
