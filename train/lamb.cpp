#include "train/lamb.h"

#include <cmath>
#include <limits>
#include <utility>

#include "train/gradient_clipping.h"
#include "train/slices.h"

namespace train {
namespace {

/// What the update of values with L2 norm `values` is multiplied with, a tensor like the norms.
at::Tensor trust_ratio(const at::Tensor& values, const at::Tensor& update,
                       const LambOptions& options) {
  const at::Tensor bounded =
      at::clamp(values / update, options.min_coefficient, options.max_coefficient);
  return at::where(values.eq(0) | update.eq(0), at::ones_like(bounded), bounded);
}

}  // namespace

Lamb::Lamb(std::vector<model::Parameter> parameters, const LambOptions& options)
    : parameters_(std::move(parameters)), options_(options) {}

void Lamb::create_state() {
  if (moments_.empty()) moments_ = make_moments(parameters_);
}

void Lamb::update(const model::Parameter& parameter, const Moments& moments) const {
  const auto correction = [this](double beta) {
    return options_.bias_correction ? 1 - std::pow(beta, static_cast<double>(updates_)) : 1;
  };
  const at::Tensor gradient = parameter.tensor.grad().to(moments.master.scalar_type());
  moments.first_moment.mul_(options_.beta1).add_(gradient, 1 - options_.beta1);
  moments.second_moment.mul_(options_.beta2).addcmul_(gradient, gradient, 1 - options_.beta2);
  at::Tensor root = moments.second_moment / correction(options_.beta2);
  if (options_.eps_inside_sqrt) {
    root.add_(options_.eps).sqrt_();
  } else {
    root.sqrt_().add_(options_.eps);
  }
  at::Tensor change = (moments.first_moment / correction(options_.beta1)).div_(root);
  if (parameter.decays) change.add_(moments.master, options_.weight_decay);
  const at::Tensor ratio =
      trust_ratio(at::linalg_vector_norm(moments.master), at::linalg_vector_norm(change), options_);
  at::Tensor master = moments.master;
  master.sub_(change.mul_(ratio * options_.learning_rate));
  if (is_reduced(parameter.tensor)) parameter.tensor.detach().copy_(master);
}

void Lamb::step(std::optional<double> max_norm) {
  const at::NoGradGuard no_grad;
  // Widened whole: an update allocates three tensors of a parameter's size besides.
  if (max_norm) clip_gradient_norm(parameters_, *max_norm, std::numeric_limits<int64_t>::max());
  create_state();
  ++updates_;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (parameters_[i].tensor.grad().defined()) update(parameters_[i], moments_[i]);
  }
}

void Lamb::zero_grad() {
  for (const model::Parameter& parameter : parameters_) parameter.tensor.mutable_grad().reset();
}

at::Tensor Lamb::master(int64_t index) const {
  return moments_.empty() ? at::Tensor() : moments_.at(static_cast<size_t>(index)).master;
}

std::vector<model::StateTensor> Lamb::state() {
  create_state();
  std::vector<model::StateTensor> tensors = state_tensors(parameters_, moments_);
  tensors.push_back({"updates", at::from_blob(&updates_, {}, at::kLong)});
  return tensors;
}

}  // namespace train
