#include <limits>
#include <span>

#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/adamw/adamw.h"
#include "kernels/adamw/gradient_norm.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

/// float: the same few operations an element, contracted and ordered otherwise. bfloat16: a float
/// master, rounded once.
constexpr Agreement kUpdate = {{1e-6, 1e-6}, kRoundedOnce};
/// A sum in double, of gradients that every precision holds exactly.
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
    result.push_back(at::zeros(tensor.sizes(), tensor.options().dtype(dtype)));
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

/// The fused optimizer's: bfloat16 values with the lower halves of their masters, float16 values
/// with their masters.
struct FusedState {
  Tensors values;
  Tensors low;
  Tensors masters;
  Tensors first_moments;
  Tensors second_moments;

  FusedState(const Setting& setting, const Parameters& parameters)
      : values(copies(parameters.values, setting.dtype)),
        first_moments(zeros_like(values, at::kFloat)),
        second_moments(zeros_like(values, at::kFloat)) {
    if (setting.dtype == at::kBFloat16) low = zeros_like(values, at::kShort);
    if (setting.dtype == at::kHalf) masters = copies(values, at::kFloat);
  }

  /// What a step reads and writes.
  int64_t bytes() const {
    // float16 values are written alone: they are their masters rounded.
    const int64_t values_read = masters.empty() ? bytes_of(values) : 0;
    return values_read + bytes_of(values) +
           2 * (bytes_of(low) + bytes_of(masters) + bytes_of(first_moments) +
                bytes_of(second_moments));
  }

  template <class T>
  std::vector<kernels::AdamWTensor<T>> list(const Tensors& gradients) const {
    std::vector<kernels::AdamWTensor<T>> result;
    for (size_t i = 0; i < values.size(); ++i) {
      result.push_back({.value = data<T>(values[i]),
                        .low = low.empty() ? nullptr : data<int16_t>(low[i]),
                        .first_moment = data<float>(first_moments[i]),
                        .second_moment = data<float>(second_moments[i]),
                        .gradient = data<T>(gradients[i]),
                        .count = values[i].numel(),
                        .decays = true,
                        .master = masters.empty() ? nullptr : data<float>(masters[i])});
    }
    return result;
  }
};

/// LibTorch's: fp32 masters, and where the parameters have 16 bits they are copies of these.
std::function<Tensors()> torch_adamw(const Setting& setting, const Parameters& parameters) {
  const Tensors masters = copies(parameters.values, at::kFloat);
  const Tensors first = zeros_like(masters, at::kFloat);
  const Tensors second = zeros_like(masters, at::kFloat);
  const Tensors steps(masters.size(), at::ones({}, masters.front().options()));
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
  return {.fused =
              [state, gradients = parameters.gradients] {
                kernels::run_operator(gradients.front(), [&]<class T>(auto... stream) {
                  const auto tensors = state.list<T>(gradients);
                  kernels::adamw<T>({.tensors = tensors, .step = kStep}, stream...);
                });
              },
          .fused_outputs = state.values,
          .torch = torch_adamw(setting, parameters),
          .work = state.bytes() + bytes_of(parameters.gradients)};
}

/// Where the norm goes: into the host's memory as a result, on CUDA into the device's.
struct NormMemory {
  at::Tensor norm;
  at::Tensor coefficient;
  at::Tensor sums;

  explicit NormMemory(const at::Tensor& like)
      : norm(kernels::allocate_doubles(like, 1)),
        coefficient(kernels::allocate_floats(like, 1)),
        sums(kernels::allocate_doubles(like, kernels::kDeviceNormSums)) {}

  template <class T>
  void compute(std::span<const kernels::AdamWTensor<T>> tensors) const {
    *data<double>(norm) = kernels::gradient_norm(tensors);
  }
  template <class T>
  void compute(std::span<const kernels::AdamWTensor<T>> tensors, kernels::CudaStream stream) const {
    kernels::gradient_norm<T>({.norm = data<double>(norm),
                               .coefficient = data<float>(coefficient),
                               .sums = data<double>(sums),
                               .tensors = tensors,
                               .max_norm = 1},
                              stream);
  }
};

Case gradient_norm(const Setting& setting) {
  const Parameters parameters(setting);
  const FusedState state(setting, parameters);
  const Tensors gradients = parameters.gradients;
  const NormMemory memory(gradients.front());
  memory.norm.fill_(std::numeric_limits<double>::quiet_NaN());
  return {.fused =
              [=] {
                kernels::run_operator(gradients.front(), [&]<class T>(auto... stream) {
                  const std::vector<kernels::AdamWTensor<T>> tensors = state.list<T>(gradients);
                  memory.compute<T>(tensors, stream...);
                });
              },
          .fused_outputs = {memory.norm},
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
