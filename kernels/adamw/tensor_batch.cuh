#pragma once

// A list of tensors that travels with a launch, in its arguments, and whose elements thread blocks
// share: block by block of kBatchBlockElements neighbours of one tensor.

#include "kernels/adamw/adamw.h"
#include "kernels/core/device.cuh"

namespace kernels {

inline constexpr int kBatchTensors = 48;  ///< as many as a kernel's 4 KB of arguments hold
inline constexpr int kBatchThreads = 256;
inline constexpr int kBatchPack = 4;
inline constexpr int kBatchPacksAThread = 4;
inline constexpr int64_t kBatchBlockElements =
    int64_t{kBatchThreads} * kBatchPack * kBatchPacksAThread;

template <class T>
struct TensorBatch {
  AdamWTensor<T> tensors[kBatchTensors];
  uint32_t first_block[kBatchTensors + 1];  ///< tensor i has the blocks from first_block[i] on
  int count;
};

/// The tensor that has `block`.
template <class T>
__device__ __forceinline__ int tensor_of_block(const TensorBatch<T>& batch, uint32_t block) {
  int low = 0;
  int high = batch.count;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    if (batch.first_block[middle] <= block) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace kernels
