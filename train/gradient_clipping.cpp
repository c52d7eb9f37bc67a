#include "train/gradient_clipping.h"

namespace train {
namespace {

/// Of torch.nn.utils.clip_grad_norm_.
constexpr double kEpsilon = 1e-6;

at::ScalarType norm_type(const at::Tensor& gradient) {
  return gradient.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

}  // namespace

at::Tensor clip_gradient_norm(const std::vector<model::Parameter>& parameters, double max_norm) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  std::vector<at::Tensor> norms;
  for (const model::Parameter& parameter : parameters) {
    const at::Tensor& gradient = parameter.tensor.grad();
    if (!gradient.defined()) continue;
    gradients.push_back(gradient);
    // Widened first: a norm of bf16 values would itself be rounded to bf16.
    norms.push_back(at::linalg_vector_norm(gradient.to(norm_type(gradient))));
  }
  if (gradients.empty()) return {};
  const at::Tensor norm = at::linalg_vector_norm(at::stack(norms));
  const at::Tensor coefficient = at::clamp_max(max_norm / (norm + kEpsilon), 1.0);
  for (at::Tensor& gradient : gradients) gradient.mul_(coefficient);
  return norm;
}

}  // namespace train
