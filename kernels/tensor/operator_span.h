#pragma once

#include <cstdint>
#include <source_location>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/record_function.h>

namespace kernels {

/// While it lives, an operator that LibTorch's RecordFunction announces to whoever listens, as
/// LibTorch's own operators do (worker/trace/ listens). The tensors whose elements data<T>() takes
/// meanwhile on this thread are announced as its own. Without a listener it costs the look at
/// whether there is one.
class OperatorSpan {
 public:
  /// Named after the function at `where`: "fused::gemm_nt". `flops`: of its matrix products.
  explicit OperatorSpan(const std::source_location& where, int64_t flops = 0)
      : record_(at::RecordScope::FUNCTION) {
    if (record_.isActive()) begin(where, flops);
  }
  OperatorSpan(const OperatorSpan&) = delete;
  OperatorSpan& operator=(const OperatorSpan&) = delete;
  ~OperatorSpan() {
    if (record_.isActive()) end();
  }

  /// The operator of this thread, if one is announced, reads or writes `tensor`.
  static void touch(const at::Tensor& tensor) {
    if (current_ != nullptr) current_->tensors_.emplace_back(tensor);
  }

 private:
  void begin(const std::source_location& where, int64_t flops);
  void end();

  static inline constinit thread_local OperatorSpan* current_ = nullptr;

  OperatorSpan* outer_ = nullptr;
  std::vector<c10::IValue> tensors_;
  at::RecordFunction record_;
};

}  // namespace kernels
