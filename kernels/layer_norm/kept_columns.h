#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"

namespace kernels {

/// Finds on the device which columns of a LayerNorm normalize_invertible keeps
/// (invertible_columns.h), so that nobody has to wait for gamma and beta.
/// T: float, float16 or bfloat16.
template <class T>
struct KeptColumnsSearch {
  /// [1 + room]: how many there are, at most `room`, then their numbers, ascending. Those beyond
  /// `room` are left out, and their gradients become NaN.
  int32_t* found;
  int64_t room;
  const T* gamma;
  const T* beta;
  int64_t columns;
};

template <class T>
void find_kept_columns(const KeptColumnsSearch<T>& args, CudaStream stream);

}  // namespace kernels
