#include "model/linear.h"

namespace model {

Linear::Linear(const std::string& name, int64_t inputs, int64_t outputs,
               const at::TensorOptions& options)
    : weight(make_parameter(name + ".weight", {outputs, inputs}, /*decays=*/true, options)),
      bias(make_parameter(name + ".bias", {outputs}, /*decays=*/false, options)) {}

at::Tensor Linear::forward(const at::Tensor& input) const {
  return at::linear(input, weight.tensor, bias.tensor);
}

}  // namespace model
