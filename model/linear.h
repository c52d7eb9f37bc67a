#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>
#include <c10/core/TensorOptions.h>

#include "model/parameter.h"

namespace model {

/// y = x W^T + b; W is [outputs, inputs]. Uninitialized.
struct Linear {
  Parameter weight;
  Parameter bias;

  Linear() = default;
  /// Parameters "<name>.weight" and "<name>.bias".
  Linear(const std::string& name, int64_t inputs, int64_t outputs,
         const at::TensorOptions& options);

  at::Tensor forward(const at::Tensor& input) const;
};

}  // namespace model
