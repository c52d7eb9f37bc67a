#include "train/gradient_clipping.h"

#include "train/slices.h"

namespace train {
namespace {

/// Of torch.nn.utils.clip_grad_norm_.
constexpr double kEpsilon = 1e-6;

/// Norms that, together, have the gradient's norm as theirs. Widened first: a norm of bf16 values
/// would itself be rounded to bf16.
void add_norms(const at::Tensor& gradient, int64_t widened_elements,
               std::vector<at::Tensor>& norms) {
  if (!is_reduced(gradient)) {
    norms.push_back(at::linalg_vector_norm(gradient));
    return;
  }
  for_each_slice(gradient.numel(), widened_elements, [&](int64_t begin, int64_t count) {
    norms.push_back(at::linalg_vector_norm(slice(gradient, begin, count).to(at::kFloat)));
  });
}

}  // namespace

at::Tensor clip_gradient_norm(const std::vector<model::Parameter>& parameters, double max_norm,
                              int64_t widened_elements) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  std::vector<at::Tensor> norms;
  for (const model::Parameter& parameter : parameters) {
    const at::Tensor& gradient = parameter.tensor.grad();
    if (!gradient.defined()) continue;
    gradients.push_back(gradient);
    add_norms(gradient, widened_elements, norms);
  }
  if (gradients.empty()) return {};
  const at::Tensor norm = at::linalg_vector_norm(at::stack(norms));
  const at::Tensor coefficient = at::clamp_max(max_norm / (norm + kEpsilon), 1.0);
  for (at::Tensor& gradient : gradients) gradient.mul_(coefficient);
  return norm;
}

}  // namespace train
