#include "model/parameter.h"

#include <utility>

namespace model {

Parameter make_parameter(std::string name, at::IntArrayRef sizes, bool decays,
                         const at::TensorOptions& options) {
  return {std::move(name), at::empty(sizes, options).requires_grad_(true), decays};
}

WeightView whole_weight(const std::string& prefix, const Parameter& parameter) {
  return {prefix + parameter.name, parameter.tensor, 0, parameter.tensor.size(0)};
}

}  // namespace model
