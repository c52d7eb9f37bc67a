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

void AdamW::update(const Lists& lists, double weight_decay) const {
  if (lists.values.empty()) return;
  const std::vector<at::Tensor> steps(lists.values.size(), step_count_);
  at::_fused_adamw_(lists.values, lists.gradients, lists.first_moments, lists.second_moments,
                    /*max_exp_avg_sqs=*/{}, steps, options_.learning_rate, options_.beta1,
                    options_.beta2, weight_decay, options_.eps, /*amsgrad=*/false,
                    /*maximize=*/false);
}

void AdamW::update_reduced(const at::Tensor& parameter, const Moments& moments,
                           double weight_decay) const {
  const at::Tensor values = parameter.detach();
  const at::Tensor gradient = parameter.grad().contiguous();
  for_each_slice(values.numel(), options_.widened_elements, [&](int64_t begin, int64_t count) {
    const at::Tensor master = slice(moments.master, begin, count);
    update({.values = {master},
            .gradients = {slice(gradient, begin, count).to(at::kFloat)},
            .first_moments = {slice(moments.first_moment, begin, count)},
            .second_moments = {slice(moments.second_moment, begin, count)}},
           weight_decay);
    slice(values, begin, count).copy_(master);
  });
}

void AdamW::step_group(bool decays) {
  const double weight_decay = decays ? options_.weight_decay : 0.0;
  Lists lists;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& parameter = parameters_[i].tensor;
    if (parameters_[i].decays != decays || !parameter.grad().defined()) continue;
    if (is_reduced(parameter)) {
      update_reduced(parameter, moments_[i], weight_decay);
      continue;
    }
    lists.values.push_back(moments_[i].master);
    lists.gradients.push_back(parameter.grad());
    lists.first_moments.push_back(moments_[i].first_moment);
    lists.second_moments.push_back(moments_[i].second_moment);
  }
  update(lists, weight_decay);
}

void AdamW::step(std::optional<double> max_norm) {
  if (parameters_.empty()) return;
  const at::NoGradGuard no_grad;
  if (max_norm) clip_gradient_norm(parameters_, *max_norm, options_.widened_elements);
  create_state();
  step_count_.add_(1);
  step_group(/*decays=*/true);
  step_group(/*decays=*/false);
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
