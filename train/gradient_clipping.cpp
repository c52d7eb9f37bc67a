#include "train/gradient_clipping.h"

#include "train/slices.h"

namespace train {
namespace {

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

at::Tensor gradient_norm(const std::vector<model::Parameter>& parameters,
                         int64_t widened_elements) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> norms;
  for (const model::Parameter& parameter : parameters) {
    const at::Tensor& gradient = parameter.tensor.grad();
    if (gradient.defined()) add_norms(gradient, widened_elements, norms);
  }
  return norms.empty() ? at::Tensor() : at::linalg_vector_norm(at::stack(norms));
}

at::Tensor clipping_divisor(const at::Tensor& norm, double max_norm) {
  return at::clamp_min((norm + kClippingEpsilon) / max_norm, 1.0);
}

at::Tensor clip_gradient_norm(const std::vector<model::Parameter>& parameters, double max_norm,
                              int64_t widened_elements) {
  const at::NoGradGuard no_grad;
  const at::Tensor norm = gradient_norm(parameters, widened_elements);
  if (!norm.defined()) return {};
  const at::Tensor divisor = clipping_divisor(norm, max_norm);
  for (const model::Parameter& parameter : parameters) {
    const at::Tensor& gradient = parameter.tensor.grad();
    if (gradient.defined()) gradient.div_(divisor);
  }
  return norm;
}

}  // namespace train
