#pragma once

#include <source_location>
#include <utility>

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include "kernels/core/bfloat16.h"
#include "kernels/tensor/operator_span.h"
#include "model/meta_device.h"

namespace kernels {

/// The elements of a contiguous tensor as an operator's pointer; null for an undefined tensor.
template <class T>
T* data(const at::Tensor& tensor) {
  if (!tensor.defined()) return nullptr;
  TORCH_INTERNAL_ASSERT_DEBUG_ONLY(tensor.is_contiguous());
  OperatorSpan::touch(tensor);
  return static_cast<T*>(tensor.data_ptr());
}

/// Calls `operation.template operator()<T>()` with the operators' element type of `tensor`.
/// Throws c10::NotImplementedError for a device or dtype that the operators do not have.
template <class Operation>
void with_element_type(const at::Tensor& tensor, Operation&& operation) {
  TORCH_CHECK_NOT_IMPLEMENTED(tensor.is_cpu() || tensor.is_meta(),
                              "fused kernels run on the cpu (and plan on meta), not on ",
                              tensor.device());
  switch (tensor.scalar_type()) {
    case at::kFloat:
      operation.template operator()<float>();
      return;
    case at::kBFloat16:
      operation.template operator()<bfloat16>();
      return;
    default:
      TORCH_CHECK_NOT_IMPLEMENTED(false, "fused kernels on the cpu take float or bfloat16, not ",
                                  tensor.scalar_type());
  }
}

/// The same, but on the meta device there is nothing to compute: the call is skipped. To a trace
/// the operator has the name of the function that runs it, and `flops` of matrix products.
template <class Operation>
void run_operator(const at::Tensor& tensor, Operation&& operation, int64_t flops = 0,
                  const std::source_location& where = std::source_location::current()) {
  if (tensor.is_meta()) return;
  const OperatorSpan span(where, flops);
  with_element_type(tensor, std::forward<Operation>(operation));
}

/// Whether a tensor of a plan stands for one of a CUDA device (no plan for the CPU holds half),
/// where operators do not take the CPU's workspace.
inline bool stands_for_cuda(const at::Tensor& tensor) {
  return tensor.is_meta() && (model::meta_stands_for_cuda || tensor.scalar_type() == at::kHalf);
}

}  // namespace kernels
