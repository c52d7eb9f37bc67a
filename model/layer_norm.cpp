#include "model/layer_norm.h"

namespace model {

LayerNorm::LayerNorm(const std::string& name, int64_t columns, double epsilon,
                     const at::TensorOptions& options)
    : gamma(make_parameter(name + ".weight", {columns}, /*decays=*/false, options)),
      beta(make_parameter(name + ".bias", {columns}, /*decays=*/false, options)),
      eps(epsilon) {}

at::Tensor LayerNorm::forward(const at::Tensor& input) const {
  return at::layer_norm(input, gamma.tensor.sizes(), gamma.tensor, beta.tensor, eps);
}

}  // namespace model
