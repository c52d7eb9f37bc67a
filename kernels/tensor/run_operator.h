#pragma once

#include <source_location>

#include <c10/core/DeviceGuard.h>

#include "kernels/tensor/dtype.h"

namespace kernels {

/// Runs an operator on tensors like `tensor`: calls `operation.template operator()<T>()` with their
/// element type on the CPU, `operator()<T>(stream)` on CUDA. On the meta device there is nothing to
/// compute. To a trace the operator has the name of the function that runs it, and `flops` of
/// matrix products.
/// Throws c10::NotImplementedError for a device or dtype that the operators do not have.
template <class Operation>
void run_operator(const at::Tensor& tensor, const Operation& operation, int64_t flops = 0,
                  const std::source_location& where = std::source_location::current()) {
  if (tensor.is_meta()) return;
  check_operators_take("fused operator", tensor.device(), tensor.scalar_type());
  const OperatorSpan span(where, flops);
  if constexpr (kHasCuda) {
    if (runs_on_cuda(tensor.device())) {
      const c10::DeviceGuard guard(tensor.device());
      const CudaStream stream = current_stream(tensor.device());
      CudaElements::with(tensor.scalar_type(),
                         [&]<class T>() { operation.template operator()<T>(stream); });
      return;
    }
  }
  CpuElements::with(tensor.scalar_type(), [&]<class T>() { operation.template operator()<T>(); });
}

}  // namespace kernels
