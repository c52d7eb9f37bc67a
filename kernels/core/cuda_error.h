#pragma once

#include <stdexcept>
#include <string>

#include <cuda_runtime_api.h>

namespace kernels {

/// An error of CUDA's runtime: what could not be done, and the error's name and text.
class CudaError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

inline void check_cuda(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  throw CudaError(std::string("cannot ") + what + ": " + cudaGetErrorName(status) + ", " +
                  cudaGetErrorString(status));
}

}  // namespace kernels
