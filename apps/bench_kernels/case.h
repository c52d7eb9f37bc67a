#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "apps/bench_kernels/agreement.h"
#include "apps/bench_kernels/setting.h"
#include "apps/bench_kernels/work.h"

namespace apps {

/// One direction of one operator at one setting, and LibTorch's way to the same tensors.
struct Case {
  std::function<void()> fused;
  Tensors fused_outputs;           ///< what `fused` writes, in the order of `torch`'s result
  std::function<Tensors()> torch;  ///< the composition that a PyTorch user would write
  int64_t work;                    ///< at least; in the operator's unit
  /// What `fused_outputs` are compared with, where that is not `torch` in fp32.
  std::function<Tensors()> reference = {};
};

/// A row of the benchmark: `name` is "operator/direction", for GEMMs "gemm/product/direction".
struct Operator {
  std::string name;
  std::function<Case(const Setting&)> make;
  Agreement agreement;
  WorkUnit unit = WorkUnit::kBytes;
  bool cpu_only = false;  ///< there is no such operator on other devices
};

}  // namespace apps
