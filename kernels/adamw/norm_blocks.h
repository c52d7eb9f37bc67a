#pragma once

#include <cstdint>
#include <span>

#include "kernels/adamw/tensor_pieces.h"

namespace kernels {

/// Blocks that gradient_norm sums apart, whatever the number of threads.
inline constexpr int64_t kNormBlocks = 64;

/// The gradients of `tensors`, `total` elements, in kNormBlocks blocks, and where their sums go.
template <class T>
struct NormBlocks {
  std::span<const AdamWTensor<T>> tensors;
  int64_t total;
  double* sums;

  int64_t first(int64_t block) const { return total * block / kNormBlocks; }
};

}  // namespace kernels
