#pragma once

// sqrt(sum of squares) over a list of tensors, in double. Of each batch of tensors thread block b
// adds the blocks of elements b, b + kDeviceNormSums, ... to sums[b]; then one block adds those.
// Bytes moved: each gradient read once.

#include "kernels/adamw/gradient_norm.h"
#include "kernels/adamw/tensor_batch.cuh"
#include "kernels/core/warp.cuh"

namespace kernels {

/// The sum over a block of kBatchThreads threads, in thread 0.
__device__ __forceinline__ double sum_of_block(double mine) {
  BENCH_SHARED(of_warps, double[kBatchThreads / 32]);
  const double of_warp = sum_of_lanes(mine);
  if (threadIdx.x % 32 == 0) of_warps[threadIdx.x / 32] = of_warp;
  __syncthreads();
  double total = 0;
  if (threadIdx.x == 0) {
    for (const double sum : of_warps) total += sum;
  }
  return total;
}

template <class T>
__global__ void __launch_bounds__(kBatchThreads)
    sum_of_squares_kernel(const __grid_constant__ TensorBatch<T> batch, double* sums) {
  double mine = 0;
  const uint32_t blocks = batch.first_block[batch.count];
  for (uint32_t block = blockIdx.x; block < blocks; block += gridDim.x) {
    const int number = tensor_of_block(batch, block);
    const T* gradient = batch.tensors[number].gradient;
    const int64_t begin = int64_t{block - batch.first_block[number]} * kBatchBlockElements;
    const int64_t count = batch.tensors[number].count;
    const int64_t end = begin + kBatchBlockElements < count ? begin + kBatchBlockElements : count;
    for (int64_t i = begin + threadIdx.x; i < end; i += kBatchThreads) {
      const auto value = static_cast<double>(widen(gradient[i]));
      mine = fma(value, value, mine);
    }
  }
  const double total = sum_of_block(mine);
  if (threadIdx.x == 0) sums[blockIdx.x] += total;
}

/// One block, from kDeviceNormSums sums.
__global__ void __launch_bounds__(kBatchThreads)
    gradient_norm_kernel(double* norm, float* coefficient, const double* sums, double max_norm) {
  double mine = 0;
  for (uint32_t i = threadIdx.x; i < kDeviceNormSums; i += kBatchThreads) mine += sums[i];
  const double total = sum_of_block(mine);
  if (threadIdx.x != 0) return;
  constexpr double kEpsilon = 1e-6;  // clip_coefficient's
  *norm = sqrt(total);
  const double clipping = max_norm / (sqrt(total) + kEpsilon);
  *coefficient = clipping > 1 ? 1.0F : static_cast<float>(clipping);  // NaN stays
}

}  // namespace kernels
