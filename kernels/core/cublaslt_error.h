#pragma once

#include <stdexcept>
#include <string>

#include <cublasLt.h>

namespace kernels {

/// Throws std::runtime_error: what cuBLASLt could not do, and its status.
inline void check_cublaslt(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw std::runtime_error(std::string("cuBLASLt cannot ") + what + ": " +
                           cublasLtGetStatusString(status));
}

}  // namespace kernels
