#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "apps/bench_kernels/setting.h"

namespace apps {

using Tensors = std::vector<at::Tensor>;

/// What the least work of an operator is counted in, and so what its ceiling is.
enum class WorkUnit {
  kBytes,     ///< read and written; ceiling: a copy of as many
  kFlops,     ///< ceiling: as many in registers
  kElements,  ///< no ceiling
};

/// One direction of one operator at one setting, and LibTorch's way to the same tensors.
struct Case {
  std::function<void()> fused;
  Tensors fused_outputs;           ///< what `fused` writes, in the order of `torch`'s result
  std::function<Tensors()> torch;  ///< the composition that a PyTorch user would write
  int64_t work;                    ///< at least; in the operator's unit
};

/// A row of the benchmark: `name` is "operator/direction", for GEMMs "gemm/product/direction".
struct Operator {
  std::string name;
  std::function<Case(const Setting&)> make;
  WorkUnit unit = WorkUnit::kBytes;
};

}  // namespace apps
