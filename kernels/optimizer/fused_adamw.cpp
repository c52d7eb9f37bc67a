#include "kernels/optimizer/fused_adamw.h"

#include <string>
#include <utility>

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>
#include <c10/util/Exception.h>

#include "kernels/adamw/gradient_norm.h"
#include "kernels/adamw/split_master.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace kernels {
namespace {

void check_gradient(const model::Parameter& parameter) {
  const at::Tensor& values = parameter.tensor;
  const at::Tensor& gradient = values.grad();
  TORCH_CHECK(values.is_contiguous() && gradient.is_contiguous() &&
                  gradient.sizes() == values.sizes() &&
                  gradient.scalar_type() == values.scalar_type(),
              "fused_adamw: the gradient of ", parameter.name, " is ", gradient.scalar_type(),
              gradient.sizes(), " with strides ", gradient.strides(), ", not contiguous ",
              values.scalar_type(), values.sizes());
}

}  // namespace

FusedAdamW::FusedAdamW(std::vector<model::Parameter> parameters, const model::AdamWOptions& options)
    : parameters_(std::move(parameters)), options_(options), state_(parameters_.size()) {
  for (const model::Parameter& parameter : parameters_) {
    const at::Tensor& first = parameters_.front().tensor;
    TORCH_CHECK(parameter.tensor.scalar_type() == first.scalar_type() &&
                    parameter.tensor.device() == first.device(),
                "fused_adamw: ", parameter.name, " is ", parameter.tensor.scalar_type(), " on ",
                parameter.tensor.device(), ", others are ", first.scalar_type(), " on ",
                first.device());
  }
}

void FusedAdamW::create_state() {
  if (state_.empty() || state_.front().first_moment.defined()) return;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor values = parameters_[i].tensor.detach();
    const auto zeros = [&](at::ScalarType dtype) {
      return at::zeros(values.sizes(), values.options().dtype(dtype));
    };
    // bf16 parameters are their own masters at first: nothing is left for the lower halves.
    if (values.scalar_type() == at::kBFloat16) state_[i].low = zeros(at::kShort);
    if (values.scalar_type() == at::kHalf) state_[i].master = values.to(at::kFloat);
    state_[i].first_moment = zeros(at::kFloat);
    state_[i].second_moment = zeros(at::kFloat);
  }
}

void FusedAdamW::create_norm() {
  const at::Tensor& like = parameters_.front().tensor;
  if (norm_.sums.defined() || !takes_cuda_workspace(like)) return;
  norm_ = {.sums = allocate_doubles(like, kDeviceNormSums),
           .norm = allocate_doubles(like, 1),
           .coefficient = allocate_floats(like, 1)};
}

template <class T>
std::vector<AdamWTensor<T>> FusedAdamW::tensors() const {
  std::vector<AdamWTensor<T>> list;
  list.reserve(parameters_.size());
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& values = parameters_[i].tensor;
    if (!values.grad().defined()) continue;
    check_gradient(parameters_[i]);
    list.push_back({.value = data<T>(values),
                    .low = data<int16_t>(state_[i].low),
                    .first_moment = data<float>(state_[i].first_moment),
                    .second_moment = data<float>(state_[i].second_moment),
                    .gradient = data<T>(values.grad()),
                    .count = values.numel(),
                    .decays = parameters_[i].decays,
                    .master = data<float>(state_[i].master)});
    // Autograd then refuses to go backward through a forward pass from before the update.
    values.unsafeGetTensorImpl()->bump_version();
  }
  return list;
}

AdamWStep FusedAdamW::this_step() const {
  return {.learning_rate = options_.learning_rate,
          .beta1 = options_.beta1,
          .beta2 = options_.beta2,
          .eps = options_.eps,
          .weight_decay = options_.weight_decay,
          .number = steps_,
          .bias_correction = options_.bias_correction};
}

template <class T>
void FusedAdamW::update(std::optional<double> max_norm) {
  const std::vector<AdamWTensor<T>> list = tensors<T>();
  AdamW<T> args = {.tensors = list, .step = this_step()};
  if (max_norm) args.step.gradient_scale = clip_coefficient(gradient_norm<T>(list), *max_norm);
  adamw(args);
}

template <class T>
void FusedAdamW::update(std::optional<double> max_norm, CudaStream stream) {
  const std::vector<AdamWTensor<T>> list = tensors<T>();
  AdamW<T> args = {.tensors = list, .step = this_step()};
  if (max_norm) {
    gradient_norm<T>({.norm = data<double>(norm_.norm),
                      .coefficient = data<float>(norm_.coefficient),
                      .sums = data<double>(norm_.sums),
                      .tensors = list,
                      .max_norm = *max_norm},
                     stream);
    args.device_scale = data<float>(norm_.coefficient);
  }
  adamw(args, stream);
}

void FusedAdamW::step(std::optional<double> max_norm) {
  if (parameters_.empty()) return;
  create_state();
  if (max_norm) create_norm();
  ++steps_;
  run_operator(parameters_.front().tensor,
               [&]<class T>(auto... stream) { update<T>(max_norm, stream...); });
}

std::vector<model::StateTensor> FusedAdamW::state() {
  create_state();
  std::vector<model::StateTensor> tensors = {{"updates", at::from_blob(&steps_, {}, at::kLong)}};
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const std::string& name = parameters_[i].name;
    const State& state = state_[i];
    if (state.low.defined()) tensors.push_back({"master_low." + name, state.low});
    if (state.master.defined()) tensors.push_back({"master." + name, state.master});
    tensors.push_back({"first_moment." + name, state.first_moment});
    tensors.push_back({"second_moment." + name, state.second_moment});
  }
  return tensors;
}

void FusedAdamW::zero_grad() {
  for (const model::Parameter& parameter : parameters_) parameter.tensor.mutable_grad().reset();
}

at::Tensor FusedAdamW::master(int64_t index) const {
  const auto at = static_cast<size_t>(index);
  const at::Tensor values = parameters_.at(at).tensor.detach();
  const State& state = state_.at(at);
  if (!state.first_moment.defined()) return {};
  if (state.master.defined()) return state.master;
  if (!state.low.defined()) return values;
  if (values.is_meta()) return at::empty(values.sizes(), values.options().dtype(at::kFloat));
  const at::Tensor upper = values.cpu();
  const at::Tensor lower = state.low.cpu();
  at::Tensor joined = at::empty(values.sizes(), upper.options().dtype(at::kFloat));
  const auto* const high = data<bfloat16>(upper);
  const auto* const low = data<int16_t>(lower);
  auto* const master = data<float>(joined);
  for (int64_t i = 0; i < values.numel(); ++i) master[i] = join_master(high[i], low[i]);
  return joined.to(values.device());
}

}  // namespace kernels
