#include "train/parallel/zero_optimizer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <ATen/ops/empty.h>

#include "train/gradient_clipping.h"
#include "train/slices.h"

namespace train {

std::vector<std::vector<ParameterSlice>> partition(const std::vector<model::Parameter>& parameters,
                                                   int processes) {
  int64_t total = 0;
  for (const model::Parameter& parameter : parameters) total += parameter.tensor.numel();
  std::vector<std::vector<ParameterSlice>> parts(static_cast<size_t>(processes));
  for (int process = 0; process < processes; ++process) {
    const int64_t begin = total * process / processes;
    const int64_t end = total * (process + 1) / processes;
    int64_t first = 0;  // of the parameter, among all elements
    for (size_t i = 0; i < parameters.size(); ++i) {
      const int64_t elements = parameters[i].tensor.numel();
      const ParameterSlice slice{i, std::max(begin - first, int64_t{0}),
                                 std::min(end - first, elements)};
      if (slice.begin < slice.end) parts[static_cast<size_t>(process)].push_back(slice);
      first += elements;
    }
  }
  return parts;
}

ZeroOptimizer::ZeroOptimizer(std::vector<model::Parameter> parameters, const Make& make,
                             Communicator& communicator, int64_t widened_elements)
    : parameters_(std::move(parameters)),
      communicator_(communicator),
      widened_elements_(widened_elements),
      parts_(partition(parameters_, communicator.size())) {
  for (const ParameterSlice& slice : own()) {
    const model::Parameter& whole = parameters_[slice.parameter];
    slices_.push_back(
        {whole.name + "[" + std::to_string(slice.begin) + ":" + std::to_string(slice.end) + "]",
         values(slice), whole.decays});
  }
  optimizer_ = make(slices_);
}

at::Tensor ZeroOptimizer::values(const ParameterSlice& part) const {
  return slice(parameters_[part.parameter].tensor.detach(), part.begin, part.end - part.begin);
}

void ZeroOptimizer::take_gradients() const {
  for (size_t i = 0; i < slices_.size(); ++i) {
    const ParameterSlice& part = own()[i];
    const at::Tensor& gradient = parameters_[part.parameter].tensor.grad();
    if (!gradient.defined()) continue;
    slices_[i].tensor.mutable_grad() =
        slice(gradient.contiguous(), part.begin, part.end - part.begin);
  }
}

void ZeroOptimizer::clip(double max_norm) const {
  const at::Tensor own_norm = gradient_norm(slices_, widened_elements_);
  const double part = own_norm.defined() ? own_norm.item<double>() : 0;
  const double norm = std::sqrt(communicator_.sum(part * part));
  // NaN too must reach the gradients, as it does in other optimizers.
  const double scale = max_norm / (norm + kClippingEpsilon);
  if (scale >= 1) return;
  for (const model::Parameter& slice : slices_) {
    const at::Tensor& gradient = slice.tensor.grad();
    if (gradient.defined()) gradient.mul_(scale);
  }
}

void ZeroOptimizer::exchange_parameters() const {
  for (int process = 0; process < communicator_.size(); ++process) {
    std::vector<at::Tensor> tensors;
    for (const ParameterSlice& part : parts_[static_cast<size_t>(process)]) {
      tensors.push_back(values(part));
    }
    communicator_.broadcast(tensors, process);
  }
}

void ZeroOptimizer::step(std::optional<double> max_norm) {
  const at::NoGradGuard no_grad;
  has_state_ = true;
  take_gradients();
  if (max_norm) clip(*max_norm);
  optimizer_->step({});
  optimizer_->zero_grad();
  exchange_parameters();
}

std::vector<model::StateTensor> ZeroOptimizer::state() {
  has_state_ = true;
  return optimizer_->state();
}

void ZeroOptimizer::zero_grad() {
  for (const model::Parameter& parameter : parameters_) parameter.tensor.mutable_grad().reset();
}

at::Tensor ZeroOptimizer::master(int64_t index) const {
  const at::Tensor whole = parameters_.at(static_cast<size_t>(index)).tensor.detach();
  if (!has_state_) return {};
  if (!is_reduced(whole)) return whole;
  const at::Tensor master = at::empty(whole.sizes(), whole.options().dtype(at::kFloat));
  for (int process = 0; process < communicator_.size(); ++process) {
    const auto& parts = parts_[static_cast<size_t>(process)];
    for (size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].parameter != static_cast<size_t>(index)) continue;
      const at::Tensor part = slice(master, parts[i].begin, parts[i].end - parts[i].begin);
      if (process == communicator_.rank()) {
        part.copy_(optimizer_->master(static_cast<int64_t>(i)));
      }
      communicator_.broadcast({&part, 1}, process);
    }
  }
  return master;
}

ZeroOptimizer::Make zero_maker(OptimizerKind kind, ZeroOptimizer::Make make,
                               Communicator& communicator) {
  if (kind == OptimizerKind::kLamb) {
    throw std::invalid_argument(
        "zero_optimization.stage 1 cannot be had with Lamb: its trust ratio takes the norms of "
        "whole parameters, and stage 1 gives each process parts of them; give stage 0, or Adam");
  }
  return [make = std::move(make), &communicator](std::vector<model::Parameter> parameters) {
    return std::make_unique<ZeroOptimizer>(std::move(parameters), make, communicator);
  };
}

}  // namespace train
