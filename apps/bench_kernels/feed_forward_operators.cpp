#include "apps/bench_kernels/composition.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/bias_gelu/bias_gelu.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

/// float: another approximation of erf. bfloat16: the bias gradient is a sum of input gradients
/// that were rounded, and is rounded itself.
constexpr Agreement kGelu = {{1e-6, 1e-6}, {5e-3, 8e-3}};

Tensors bias_gelu(const Tensors& in) {
  return {at::gelu(at::add(in[0], in[1]))};
}

Case bias_gelu_forward(const Setting& setting) {
  RandomTensors random(setting);
  const at::Tensor input = random({setting.rows(), setting.intermediate});
  const at::Tensor bias = random({setting.intermediate});
  const at::Tensor output = unwritten(setting, input.sizes());
  return {.fused =
              [=] {
                kernels::run_operator(output, [&]<class T>(auto... stream) {
                  kernels::bias_gelu_forward<T>({.output = data<T>(output),
                                                 .input = data<T>(input),
                                                 .bias = data<T>(bias),
                                                 .rows = input.size(0),
                                                 .columns = input.size(1),
                                                 .gelu = kernels::Gelu::kErf},
                                                stream...);
                });
              },
          .fused_outputs = {output},
          .torch = torch_forward({input, bias}, bias_gelu),
          .work = bytes_of({input, bias, output})};
}

Case bias_gelu_backward(const Setting& setting) {
  RandomTensors random(setting);
  const at::Tensor input = random({setting.rows(), setting.intermediate});
  const at::Tensor bias = random({setting.intermediate});
  const at::Tensor d_output = random(input.sizes());
  const at::Tensor d_input = unwritten(setting, input.sizes());
  const at::Tensor d_bias = unwritten(setting, bias.sizes());
  const at::Tensor partials = column_partials(setting, setting.intermediate);
  return {.fused =
              [=] {
                kernels::run_operator(d_input, [&]<class T>(auto... stream) {
                  kernels::bias_gelu_backward<T>({.d_input = data<T>(d_input),
                                                  .d_bias = data<T>(d_bias),
                                                  .d_output = data<T>(d_output),
                                                  .input = data<T>(input),
                                                  .bias = data<T>(bias),
                                                  .rows = input.size(0),
                                                  .columns = input.size(1),
                                                  .gelu = kernels::Gelu::kErf,
                                                  .partials = data<float>(partials)},
                                                 stream...);
                });
              },
          .fused_outputs = {d_input, d_bias},
          .torch = torch_backward({input, bias}, bias_gelu, {d_output}),
          .work = bytes_of({input, bias, d_output, d_input, d_bias})};
}

}  // namespace

std::vector<Operator> feed_forward_operators() {
  return {{"bias_gelu/forward", bias_gelu_forward, kGelu},
          {"bias_gelu/backward", bias_gelu_backward, kGelu}};
}

}  // namespace apps
