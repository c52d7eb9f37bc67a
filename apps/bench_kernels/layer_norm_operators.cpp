#include "apps/bench_kernels/composition.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/layer_norm/layer_norm.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

constexpr double kEps = 1e-12;

/// float: mean and variance of a row, and gradients that are sums over rows, in other orders.
/// bfloat16: the backward pass reads an input, not a result, that was rounded.
constexpr Agreement kNorm = {{3e-6, 4e-6}, kRoundedOnce};

Tensors layer_norm(const Tensors& in) {
  return {at::layer_norm(in[0], {in[0].size(-1)}, in[1], in[2], kEps)};
}

/// What both directions take, and what forward leaves.
struct Normalization {
  at::Tensor input;
  at::Tensor gamma;
  at::Tensor beta;
  at::Tensor output;
  at::Tensor mean;
  at::Tensor rstd;

  Normalization(const Setting& setting, RandomTensors& random)
      : input(random({setting.rows(), setting.hidden})),
        gamma(random({setting.hidden})),
        beta(random({setting.hidden})),
        output(unwritten(setting, input.sizes())),
        mean(unwritten_floats(setting, {setting.rows()})),
        rstd(unwritten_floats(setting, {setting.rows()})) {}

  void forward() const {
    kernels::run_operator(input, [&]<class T>(auto... stream) {
      kernels::layer_norm_forward<T>({.output = data<T>(output),
                                      .mean = data<float>(mean),
                                      .rstd = data<float>(rstd),
                                      .input = data<T>(input),
                                      .gamma = data<T>(gamma),
                                      .beta = data<T>(beta),
                                      .rows = input.size(0),
                                      .columns = input.size(1),
                                      .eps = static_cast<float>(kEps),
                                      .kept = {}},
                                     stream...);
    });
  }
};

Case layer_norm_forward(const Setting& setting) {
  RandomTensors random(setting);
  const Normalization norm(setting, random);
  return {.fused = [norm] { norm.forward(); },
          .fused_outputs = {norm.output},
          .torch = torch_forward({norm.input, norm.gamma, norm.beta}, layer_norm),
          .work = bytes_of({norm.input, norm.gamma, norm.beta, norm.output, norm.mean, norm.rstd})};
}

Case layer_norm_backward(const Setting& setting) {
  RandomTensors random(setting);
  const Normalization norm(setting, random);
  norm.forward();
  const at::Tensor d_output = random(norm.input.sizes());
  const at::Tensor d_input = unwritten(setting, norm.input.sizes());
  const at::Tensor d_gamma = unwritten(setting, norm.gamma.sizes());
  const at::Tensor d_beta = unwritten(setting, norm.beta.sizes());
  const at::Tensor partials = column_partials(setting, setting.hidden, 2);
  return {.fused =
              [=] {
                kernels::run_operator(d_input, [&]<class T>(auto... stream) {
                  kernels::layer_norm_backward<T>({.d_input = data<T>(d_input),
                                                   .d_gamma = data<T>(d_gamma),
                                                   .d_beta = data<T>(d_beta),
                                                   .d_output = data<T>(d_output),
                                                   .d_residual = nullptr,
                                                   .input = data<T>(norm.input),
                                                   .output = nullptr,
                                                   .mean = data<float>(norm.mean),
                                                   .rstd = data<float>(norm.rstd),
                                                   .gamma = data<T>(norm.gamma),
                                                   .beta = data<T>(norm.beta),
                                                   .rows = d_input.size(0),
                                                   .columns = d_input.size(1),
                                                   .kept = {},
                                                   .partials = data<float>(partials)},
                                                  stream...);
                });
              },
          .fused_outputs = {d_input, d_gamma, d_beta},
          .torch = torch_backward({norm.input, norm.gamma, norm.beta}, layer_norm, {d_output}),
          .work = bytes_of(
              {norm.input, norm.mean, norm.rstd, norm.gamma, d_output, d_input, d_gamma, d_beta})};
}

}  // namespace

std::vector<Operator> layer_norm_operators() {
  return {{"layer_norm/forward", layer_norm_forward, kNorm},
          {"layer_norm/backward", layer_norm_backward, kNorm}};
}

}  // namespace apps
