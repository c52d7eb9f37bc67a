#include "train/optimizer.h"

#include <limits>
#include <utility>

#include "train/gradient_clipping.h"
#include "train/slices.h"

namespace train {

AdamW::AdamW(std::vector<model::Parameter> parameters, const model::AdamWOptions& options)
    : parameters_(std::move(parameters)), options_(options), state_(parameters_.size()) {}

void AdamW::create_state() {
  if (parameters_.empty() || step_count_.defined()) return;
  const double updates = options_.bias_correction ? 0 : std::numeric_limits<double>::infinity();
  step_count_ = at::full({}, updates, parameters_.front().tensor.options().dtype(at::kFloat));
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor values = parameters_[i].tensor.detach();
    State& state = state_[i];
    state.master = is_reduced(values) ? values.to(at::kFloat) : values;
    state.first_moment = at::zeros_like(state.master);
    state.second_moment = at::zeros_like(state.master);
  }
}

void AdamW::update(const Lists& lists, double weight_decay) const {
  if (lists.values.empty()) return;
  const std::vector<at::Tensor> steps(lists.values.size(), step_count_);
  at::_fused_adamw_(lists.values, lists.gradients, lists.first_moments, lists.second_moments,
                    /*max_exp_avg_sqs=*/{}, steps, options_.learning_rate, options_.beta1,
                    options_.beta2, weight_decay, options_.eps, /*amsgrad=*/false,
                    /*maximize=*/false);
}

void AdamW::update_reduced(const at::Tensor& parameter, const State& state,
                           double weight_decay) const {
  const at::Tensor values = parameter.detach();
  const at::Tensor gradient = parameter.grad().contiguous();
  for_each_slice(values.numel(), options_.widened_elements, [&](int64_t begin, int64_t count) {
    const at::Tensor master = slice(state.master, begin, count);
    update({.values = {master},
            .gradients = {slice(gradient, begin, count).to(at::kFloat)},
            .first_moments = {slice(state.first_moment, begin, count)},
            .second_moments = {slice(state.second_moment, begin, count)}},
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
      update_reduced(parameter, state_[i], weight_decay);
      continue;
    }
    lists.values.push_back(state_[i].master);
    lists.gradients.push_back(parameter.grad());
    lists.first_moments.push_back(state_[i].first_moment);
    lists.second_moments.push_back(state_[i].second_moment);
  }
  update(lists, weight_decay);
}

void AdamW::step(std::optional<double> max_norm) {
  const at::NoGradGuard no_grad;
  if (max_norm) clip_gradient_norm(parameters_, *max_norm, options_.widened_elements);
  create_state();
  step_count_.add_(1);
  step_group(/*decays=*/true);
  step_group(/*decays=*/false);
}

std::vector<model::StateTensor> AdamW::state() {
  const at::NoGradGuard no_grad;
  create_state();
  if (parameters_.empty()) return {};
  std::vector<model::StateTensor> tensors = {{"updates", step_count_}};
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const model::Parameter& parameter = parameters_[i];
    const State& state = state_[i];
    if (is_reduced(parameter.tensor)) tensors.push_back({"master." + parameter.name, state.master});
    tensors.push_back({"first_moment." + parameter.name, state.first_moment});
    tensors.push_back({"second_moment." + parameter.name, state.second_moment});
  }
  return tensors;
}

void AdamW::zero_grad() {
  for (const model::Parameter& parameter : parameters_) parameter.tensor.mutable_grad().reset();
}

}  // namespace train
