#include "kernels/adamw/reference.h"

#include <cmath>

namespace kernels {

void reference_adamw(const AdamW<double>& args) {
  const AdamWStep& step = args.step;
  const auto t = static_cast<double>(step.number);
  const double first_correction = step.bias_correction ? 1 - std::pow(step.beta1, t) : 1;
  const double second_correction = step.bias_correction ? 1 - std::pow(step.beta2, t) : 1;
  for (const AdamWTensor<double>& tensor : args.tensors) {
    const double decay = tensor.decays ? step.weight_decay : 0;
    for (int64_t i = 0; i < tensor.count; ++i) {
      const double g = step.gradient_scale * tensor.gradient[i];
      double& w = tensor.value[i];
      double& m = tensor.first_moment[i];
      double& v = tensor.second_moment[i];
      m = step.beta1 * m + (1 - step.beta1) * g;
      v = step.beta2 * v + (1 - step.beta2) * g * g;
      const double m_hat = m / first_correction;
      const double v_hat = v / second_correction;
      w -= step.learning_rate * (decay * w + m_hat / (std::sqrt(v_hat) + step.eps));
    }
  }
}

double reference_gradient_norm(std::span<const AdamWTensor<double>> tensors) {
  double squares = 0;
  for (const AdamWTensor<double>& tensor : tensors) {
    for (int64_t i = 0; i < tensor.count; ++i) squares += tensor.gradient[i] * tensor.gradient[i];
  }
  return std::sqrt(squares);
}

}  // namespace kernels
