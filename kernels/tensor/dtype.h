#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include "kernels/core/bfloat16.h"
#include "kernels/core/float16.h"
#include "kernels/tensor/device.h"
#include "kernels/tensor/operator_span.h"

namespace kernels {

/// The elements of a contiguous tensor as an operator's pointer; null for an undefined tensor.
template <class T>
T* data(const at::Tensor& tensor) {
  if (!tensor.defined()) return nullptr;
  TORCH_INTERNAL_ASSERT_DEBUG_ONLY(tensor.is_contiguous());
  OperatorSpan::touch(tensor);
  return static_cast<T*>(tensor.data_ptr());
}

template <class T>
inline constexpr at::ScalarType kScalarType = at::ScalarType::Undefined;
template <>
inline constexpr at::ScalarType kScalarType<float> = at::kFloat;
template <>
inline constexpr at::ScalarType kScalarType<float16> = at::kHalf;
template <>
inline constexpr at::ScalarType kScalarType<bfloat16> = at::kBFloat16;

template <class... T>
struct ElementTypes {
  static constexpr bool hold(at::ScalarType type) { return ((type == kScalarType<T>) || ...); }

  /// Calls `operation.template operator()<Element>()` with the element type of `type`.
  /// Throws c10::NotImplementedError for any other.
  template <class Operation>
  static void with(at::ScalarType type, const Operation& operation) {
    const bool found =
        ((type == kScalarType<T> && (operation.template operator()<T>(), true)) || ...);
    TORCH_CHECK_NOT_IMPLEMENTED(found, "fused kernels do not take ", type, " on this device");
  }
};

/// Of the operators on the CPU, and of their CUDA forms.
using CpuElements = ElementTypes<float, bfloat16>;
using CudaElements = ElementTypes<float, bfloat16, float16>;

/// Whether there are operators for elements of `type` on `device`; on meta, whether they can be
/// planned.
inline bool operators_take(at::Device device, at::ScalarType type) {
  if (device.is_meta() || runs_on_cuda(device)) return CudaElements::hold(type);
  return device.is_cpu() && CpuElements::hold(type);
}

/// Throws c10::NotImplementedError unless operators_take; `who` begins the message.
inline void check_operators_take(const char* who, at::Device device, at::ScalarType type) {
  TORCH_CHECK_NOT_IMPLEMENTED(
      operators_take(device, type), who, ": there are no fused kernels for ", type, " on ", device,
      ", but for float and bfloat16 on the cpu", kHasCuda ? ", these and half on cuda" : "");
}

}  // namespace kernels
