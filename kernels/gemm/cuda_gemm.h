#pragma once

#include <stdexcept>

#include "kernels/gemm/gemm.h"

namespace kernels {

/// Throws std::invalid_argument for what the forms of gemm() with a stream do not take.
template <class T>
void check_cuda_gemm(const Gemm<T>& args) {
  if (args.m < 0 || args.n < 0 || args.k < 1 || args.outer < 0) {
    throw std::invalid_argument("gemm on CUDA: a negative size, or no products to sum");
  }
  if (args.inner != 1) throw std::invalid_argument("gemm on CUDA: two levels of a batch");
  if (args.epilogue.call != nullptr) throw std::invalid_argument("gemm on CUDA: an epilogue");
}

}  // namespace kernels
