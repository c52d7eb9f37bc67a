#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>
#include <c10/core/TensorOptions.h>

#include "model/parameter.h"

namespace model {

/// LayerNorm over the last dimension (Ba et al., arXiv 1607.06450), by LibTorch. Uninitialized.
struct LayerNorm {
  Parameter gamma;
  Parameter beta;
  double eps = 0;

  LayerNorm() = default;
  /// Parameters "<name>.weight" and "<name>.bias".
  LayerNorm(const std::string& name, int64_t columns, double epsilon,
            const at::TensorOptions& options);

  at::Tensor forward(const at::Tensor& input) const;
};

}  // namespace model
