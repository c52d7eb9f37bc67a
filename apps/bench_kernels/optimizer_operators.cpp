#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/adamw/adamw.h"
#include "kernels/adamw/gradient_norm.h"
#include "kernels/tensor/dtype.h"

namespace apps {
namespace {

using kernels::data;

/// float: the same few operations an element, contracted and ordered otherwise. bfloat16: a float
/// master, rounded once.
constexpr Agreement kUpdate = {{1e-6, 1e-6}, kRoundedOnce};
/// A float from a sum in double, of gradients that every precision holds exactly.
constexpr Agreement kNorm = {{1e-6, 1e-6}, {1e-6, 1e-6}};

/// A step large enough that a wrong one shows; always the first, which costs what any step does.
constexpr kernels::AdamWStep kStep = {.learning_rate = 0.1,
                                      .beta1 = 0.9,
                                      .beta2 = 0.999,
                                      .eps = 1e-8,
                                      .weight_decay = 0.01,
                                      .number = 1};

/// The parameters of one encoder layer.
std::vector<std::vector<int64_t>> parameter_sizes(const Setting& s) {
  return {{3 * s.hidden, s.hidden},
          {3 * s.hidden},
          {s.hidden, s.hidden},
          {s.hidden},
          {s.hidden},
          {s.hidden},
          {s.intermediate, s.hidden},
          {s.intermediate},
          {s.hidden, s.intermediate},
          {s.hidden},
          {s.hidden},
          {s.hidden}};
}

Tensors zeros_like(const Tensors& tensors, at::ScalarType dtype) {
  Tensors result;
  for (const at::Tensor& tensor : tensors) {
    result.push_back(at::zeros(tensor.sizes(), at::TensorOptions(dtype)));
  }
  return result;
}

Tensors copies(const Tensors& tensors, at::ScalarType dtype) {
  Tensors result;
  for (const at::Tensor& tensor : tensors) result.push_back(tensor.to(dtype, false, true));
  return result;
}

Tensors random_parameters(const Setting& setting, RandomTensors& random) {
  Tensors result;
  for (const std::vector<int64_t>& sizes : parameter_sizes(setting)) {
    result.push_back(random(sizes));
  }
  return result;
}

struct Parameters {
  Tensors values;
  Tensors gradients;

  explicit Parameters(const Setting& setting) {
    RandomTensors random(setting);
    values = random_parameters(setting, random);
    gradients = random_parameters(setting, random);
  }
};

/// The fused optimizer's: bfloat16 values with the lower halves of their masters.
struct FusedState {
  Tensors values;
  Tensors low;
  Tensors first_moments;
  Tensors second_moments;

  FusedState(const Setting& setting, const Parameters& parameters)
      : values(copies(parameters.values, setting.dtype)),
        low(zeros_like(values, at::kShort)),
        first_moments(zeros_like(values, at::kFloat)),
        second_moments(zeros_like(values, at::kFloat)) {}

  template <class T>
  std::vector<kernels::AdamWTensor<T>> list(const Tensors& gradients) const {
    std::vector<kernels::AdamWTensor<T>> result;
    for (size_t i = 0; i < values.size(); ++i) {
      result.push_back({.value = data<T>(values[i]),
                        .low = sizeof(T) == sizeof(float) ? nullptr : data<int16_t>(low[i]),
                        .first_moment = data<float>(first_moments[i]),
                        .second_moment = data<float>(second_moments[i]),
                        .gradient = data<T>(gradients[i]),
                        .count = values[i].numel(),
                        .decays = true});
    }
    return result;
  }
};

/// LibTorch's: fp32 masters, and where the parameters are bfloat16 they are copies of these.
std::function<Tensors()> torch_adamw(const Setting& setting, const Parameters& parameters) {
  const Tensors masters = copies(parameters.values, at::kFloat);
  const Tensors first = zeros_like(masters, at::kFloat);
  const Tensors second = zeros_like(masters, at::kFloat);
  const Tensors steps(masters.size(), at::ones({}, at::TensorOptions(at::kFloat)));
  const Tensors values =
      setting.dtype == at::kFloat ? masters : copies(parameters.values, setting.dtype);
  const bool mixed = setting.dtype != at::kFloat;
  return [=, gradients = parameters.gradients]() -> Tensors {
    at::_fused_adamw_(masters, mixed ? copies(gradients, at::kFloat) : gradients, first, second, {},
                      steps, kStep.learning_rate, kStep.beta1, kStep.beta2, kStep.weight_decay,
                      kStep.eps, false, false);
    if (mixed) at::_foreach_copy_(values, masters);
    return values;
  };
}

Case adamw_step(const Setting& setting) {
  const Parameters parameters(setting);
  const FusedState state(setting, parameters);
  const bool split = setting.dtype != at::kFloat;
  const int64_t written = bytes_of(state.values) + bytes_of(state.first_moments) +
                          bytes_of(state.second_moments) + (split ? bytes_of(state.low) : 0);
  return {.fused =
              [state, gradients = parameters.gradients] {
                kernels::CpuElements::with(gradients.front().scalar_type(), [&]<class T>() {
                  const auto tensors = state.list<T>(gradients);
                  kernels::adamw<T>({.tensors = tensors, .step = kStep});
                });
              },
          .fused_outputs = state.values,
          .torch = torch_adamw(setting, parameters),
          .work = 2 * written + bytes_of(parameters.gradients)};
}

Case gradient_norm(const Setting& setting) {
  const Parameters parameters(setting);
  const FusedState state(setting, parameters);
  const Tensors gradients = parameters.gradients;
  const at::Tensor norm = unwritten_floats({});
  return {.fused =
              [=] {
                kernels::CpuElements::with(gradients.front().scalar_type(), [&]<class T>() {
                  const auto tensors = state.list<T>(gradients);
                  *data<float>(norm) = static_cast<float>(
                      kernels::gradient_norm(std::span<const kernels::AdamWTensor<T>>(tensors)));
                });
              },
          .fused_outputs = {norm},
          .torch = [gradients]() -> Tensors {
            return {at::stack(at::_foreach_norm(gradients, 2)).norm()};
          },
          .work = bytes_of(gradients),
          .reference = [gradients]() -> Tensors {
            // LibTorch's own sum of millions of squares in float is further off than this one.
            return {at::stack(at::_foreach_norm(copies(gradients, at::kDouble), 2)).norm()};
          }};
}

}  // namespace

std::vector<Operator> optimizer_operators() {
  return {{"adamw/step", adamw_step, kUpdate}, {"adamw/gradient_norm", gradient_norm, kNorm}};
}

}  // namespace apps
