#pragma once

#include "model/dropout_source.h"

namespace model {

/// LibTorch's own dropout, drawing from its default generator.
class StockDropout : public DropoutSource {
 public:
  /// kDispatch: at::dropout, which takes the fused kernel on CUDA and composes a mask in the
  /// activations' dtype elsewhere (on a CPU that is a fifth faster than at::native_dropout).
  /// kFused: at::native_dropout with a bool mask everywhere, for plans of CUDA.
  enum class Path { kDispatch, kFused };

  explicit StockDropout(Path path) : path_(path) {}

  at::Tensor apply(const at::Tensor& input, double p, const DropoutKey& key,
                   const SequenceLayout& layout) const override;
  bool draws_as_libtorch() const override { return true; }

 private:
  Path path_;
};

}  // namespace model
