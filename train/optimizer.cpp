#include "train/optimizer.h"

#include <limits>
#include <utility>

#include "train/gradient_clipping.h"
#include "train/slices.h"

namespace train {

AdamW::AdamW(std::vector<model::Parameter> parameters, const model::AdamWOptions& options)
    : parameters_(std::move(parameters)), options_(options) {}

void AdamW::create_state() {
  if (parameters_.empty() || step_count_.defined()) return;
  const double updates = options_.bias_correction ? 0 : std::numeric_limits<double>::infinity();
  step_count_ = at::full({}, updates, parameters_.front().tensor.options().dtype(at::kFloat));
  moments_ = make_moments(parameters_);
}

void AdamW::update(const Lists& lists, const Scales& scales) const {
  if (lists.values.empty()) return;
  const std::vector<at::Tensor> steps(lists.values.size(), step_count_);
  at::_fused_adamw_(lists.values, lists.gradients, lists.first_moments, lists.second_moments,
                    /*max_exp_avg_sqs=*/{}, steps, options_.learning_rate, options_.beta1,
                    options_.beta2, scales.weight_decay, options_.eps, /*amsgrad=*/false,
                    /*maximize=*/false, /*grad_scale=*/scales.gradient_divisor);
}

void AdamW::update_reduced(const at::Tensor& parameter, const Moments& moments,
                           const Scales& scales) const {
  const at::Tensor values = parameter.detach();
  const at::Tensor gradient = parameter.grad().contiguous();
  for_each_slice(values.numel(), options_.widened_elements, [&](int64_t begin, int64_t count) {
    const at::Tensor master = slice(moments.master, begin, count);
    update({.values = {master},
            .gradients = {slice(gradient, begin, count).to(at::kFloat)},
            .first_moments = {slice(moments.first_moment, begin, count)},
            .second_moments = {slice(moments.second_moment, begin, count)}},
           scales);
    slice(values, begin, count).copy_(master);
  });
}

void AdamW::step_group(bool decays, const std::optional<at::Tensor>& gradient_divisor) {
  const Scales scales{decays ? options_.weight_decay : 0.0, gradient_divisor};
  Lists lists;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& parameter = parameters_[i].tensor;
    if (parameters_[i].decays != decays || !parameter.grad().defined()) continue;
    if (is_reduced(parameter)) {
      update_reduced(parameter, moments_[i], scales);
      continue;
    }
    lists.values.push_back(moments_[i].master);
    lists.gradients.push_back(parameter.grad());
    lists.first_moments.push_back(moments_[i].first_moment);
    lists.second_moments.push_back(moments_[i].second_moment);
  }
  update(lists, scales);
}

void AdamW::step(std::optional<double> max_norm) {
  if (parameters_.empty()) return;
  const at::NoGradGuard no_grad;
  std::optional<at::Tensor> divisor;
  if (max_norm) {
    const at::Tensor norm = gradient_norm(parameters_, options_.widened_elements);
    if (norm.defined()) divisor = clipping_divisor(norm, *max_norm).to(at::kFloat);
  }
  create_state();
  step_count_.add_(1);
  step_group(/*decays=*/true, divisor);
  step_group(/*decays=*/false, divisor);
}

std::vector<model::StateTensor> AdamW::state() {
  create_state();
  if (parameters_.empty()) return {};
  std::vector<model::StateTensor> tensors = state_tensors(parameters_, moments_);
  tensors.push_back({"updates", step_count_});
  return tensors;
}

void AdamW::zero_grad() {
  for (const model::Parameter& parameter : parameters_) parameter.tensor.mutable_grad().reset();
}

}  // namespace train
