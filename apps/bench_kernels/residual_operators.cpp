#include "apps/bench_kernels/composition.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/padded_rows.h"
#include "apps/bench_kernels/streams.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/bias_dropout_residual/bias_dropout_residual.h"
#include "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

constexpr double kEps = 1e-12;

/// Two additions; the bias gradient is a sum over rows in another order.
constexpr Agreement kSum = {{1e-6, 1e-6}, kRoundedOnce};
/// float: as for a LayerNorm alone. bfloat16: it is the rounded sum that is normalized, forward and
/// backward, and the bias gradient is a sum of input gradients that were rounded.
constexpr Agreement kNormedSum = {{3e-6, 4e-6}, {6e-3, 1e-2}};

/// dropout(input + bias) + residual.
Composition residual_sum(const Setting& setting) {
  return [p = setting.dropout](const Tensors& in) -> Tensors {
    return {at::add(at::dropout(at::add(in[0], in[1]), p, true), in[2])};
  };
}

/// LayerNorm of that sum, then the sum.
Composition normed_sum(const Setting& setting) {
  return [sum_of = residual_sum(setting)](const Tensors& in) -> Tensors {
    const at::Tensor sum = sum_of(in)[0];
    return {at::layer_norm(sum, {sum.size(-1)}, in[3], in[4], kEps), sum};
  };
}

/// What all four cases take.
struct Inputs {
  at::Tensor input;
  at::Tensor bias;
  at::Tensor residual;
  at::Tensor gamma;
  at::Tensor beta;

  Inputs(const Setting& setting, RandomTensors& random)
      : input(random({setting.rows(), setting.hidden})),
        bias(random({setting.hidden})),
        residual(random(input.sizes())),
        gamma(random({setting.hidden})),
        beta(random({setting.hidden})) {}
};

Case sum_forward(const Setting& setting) {
  RandomTensors random(setting);
  const Inputs in(setting, random);
  const at::Tensor output = unwritten(setting, in.input.sizes());
  return {.fused =
              [=, sequences = PaddedRows(setting)] {
                kernels::run_operator(output, [&]<class T>(auto... stream) {
                  kernels::bias_dropout_residual_forward<T>({.output = data<T>(output),
                                                             .input = data<T>(in.input),
                                                             .bias = data<T>(in.bias),
                                                             .residual = data<T>(in.residual),
                                                             .sequences = sequences.rows(),
                                                             .columns = setting.hidden,
                                                             .stream = hidden_stream(setting)},
                                                            stream...);
                });
              },
          .fused_outputs = {output},
          .torch = torch_forward({in.input, in.bias, in.residual}, residual_sum(setting)),
          .work = bytes_of({in.input, in.bias, in.residual, output})};
}

Case sum_backward(const Setting& setting) {
  RandomTensors random(setting);
  const Inputs in(setting, random);
  const at::Tensor d_output = random(in.input.sizes());
  const at::Tensor d_input = unwritten(setting, in.input.sizes());
  const at::Tensor d_bias = unwritten(setting, in.bias.sizes());
  const at::Tensor partials = column_partials(setting, setting.hidden);
  return {.fused =
              [=, sequences = PaddedRows(setting)] {
                kernels::run_operator(d_input, [&]<class T>(auto... stream) {
                  kernels::bias_dropout_residual_backward<T>({.d_input = data<T>(d_input),
                                                              .d_bias = data<T>(d_bias),
                                                              .d_output = data<T>(d_output),
                                                              .sequences = sequences.rows(),
                                                              .columns = setting.hidden,
                                                              .stream = hidden_stream(setting),
                                                              .partials = data<float>(partials)},
                                                             stream...);
                });
              },
          .fused_outputs = {d_input, d_bias},
          .torch = torch_backward(
              {in.input, in.bias},
              [sum = residual_sum(setting), residual = in.residual](const Tensors& variables) {
                return sum({variables[0], variables[1], residual});
              },
              {d_output}),
          .work = bytes_of({d_output, d_input, d_bias})};
}

/// What the LayerNorm's forward leaves for its backward.
struct NormedSum {
  at::Tensor output;
  at::Tensor sum;
  at::Tensor mean;
  at::Tensor rstd;

  explicit NormedSum(const Setting& setting)
      : output(unwritten(setting, {setting.rows(), setting.hidden})),
        sum(unwritten(setting, output.sizes())),
        mean(unwritten_floats(setting, {setting.rows()})),
        rstd(unwritten_floats(setting, {setting.rows()})) {}

  void forward(const Setting& setting, const Inputs& in) const {
    const PaddedRows sequences(setting);
    kernels::run_operator(output, [&]<class T>(auto... stream) {
      kernels::bias_dropout_residual_layer_norm_forward<T>({.output = data<T>(output),
                                                            .sum = data<T>(sum),
                                                            .mean = data<float>(mean),
                                                            .rstd = data<float>(rstd),
                                                            .input = data<T>(in.input),
                                                            .bias = data<T>(in.bias),
                                                            .residual = data<T>(in.residual),
                                                            .gamma = data<T>(in.gamma),
                                                            .beta = data<T>(in.beta),
                                                            .sequences = sequences.rows(),
                                                            .columns = setting.hidden,
                                                            .eps = static_cast<float>(kEps),
                                                            .stream = hidden_stream(setting),
                                                            .kept = {}},
                                                           stream...);
    });
  }
};

Case normed_sum_forward(const Setting& setting) {
  RandomTensors random(setting);
  const Inputs in(setting, random);
  const NormedSum result(setting);
  return {.fused = [=] { result.forward(setting, in); },
          .fused_outputs = {result.output, result.sum},
          .torch = torch_forward({in.input, in.bias, in.residual, in.gamma, in.beta},
                                 normed_sum(setting)),
          .work = bytes_of({in.input, in.bias, in.residual, in.gamma, in.beta, result.output,
                            result.sum, result.mean, result.rstd})};
}

Case normed_sum_backward(const Setting& setting) {
  RandomTensors random(setting);
  const Inputs in(setting, random);
  const NormedSum forward(setting);
  forward.forward(setting, in);
  const at::Tensor d_output = random(in.input.sizes());
  const at::Tensor d_input = unwritten(setting, in.input.sizes());
  const at::Tensor d_residual = unwritten(setting, in.input.sizes());
  const at::Tensor d_bias = unwritten(setting, in.bias.sizes());
  const at::Tensor d_gamma = unwritten(setting, in.gamma.sizes());
  const at::Tensor d_beta = unwritten(setting, in.beta.sizes());
  const at::Tensor partials = column_partials(setting, setting.hidden, 3);
  const Composition composition = normed_sum(setting);
  return {.fused =
              [=, sequences = PaddedRows(setting)] {
                kernels::run_operator(d_input, [&]<class T>(auto... stream) {
                  kernels::bias_dropout_residual_layer_norm_backward<T>(
                      {.d_input = data<T>(d_input),
                       .d_residual = data<T>(d_residual),
                       .d_bias = data<T>(d_bias),
                       .d_gamma = data<T>(d_gamma),
                       .d_beta = data<T>(d_beta),
                       .d_output = data<T>(d_output),
                       .d_output_extra = nullptr,
                       .d_sum_extra = nullptr,
                       .sum = data<T>(forward.sum),
                       .output = nullptr,
                       .mean = data<float>(forward.mean),
                       .rstd = data<float>(forward.rstd),
                       .gamma = data<T>(in.gamma),
                       .beta = data<T>(in.beta),
                       .sequences = sequences.rows(),
                       .columns = setting.hidden,
                       .stream = hidden_stream(setting),
                       .kept = {},
                       .partials = data<float>(partials)},
                      stream...);
                });
              },
          .fused_outputs = {d_input, d_bias, d_residual, d_gamma, d_beta},
          .torch = torch_backward(
              {in.input, in.bias, in.residual, in.gamma, in.beta},
              [=](const Tensors& variables) -> Tensors { return {composition(variables)[0]}; },
              {d_output}),
          .work = bytes_of({d_output, forward.sum, forward.mean, forward.rstd, in.gamma, d_input,
                            d_residual, d_bias, d_gamma, d_beta})};
}

}  // namespace

std::vector<Operator> residual_operators() {
  return {{"bias_dropout_residual/forward", sum_forward, kSum},
          {"bias_dropout_residual/backward", sum_backward, kSum},
          {"bias_dropout_residual_layer_norm/forward", normed_sum_forward, kNormedSum},
          {"bias_dropout_residual_layer_norm/backward", normed_sum_backward, kNormedSum}};
}

}  // namespace apps
