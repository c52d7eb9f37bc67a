#include "apps/bench_kernels/composition.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/padded_rows.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/head_layout/head_layout.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

/// One addition each; the bias gradient is a sum over rows in another order.
constexpr Agreement kSplit = {{1e-6, 1e-6}, kRoundedOnce};

kernels::HeadShape head_shape(const Setting& setting, const PaddedRows& sequences) {
  return {sequences.rows(), setting.heads, setting.head_dim()};
}

std::vector<int64_t> by_head(const Setting& setting) {
  return {setting.batch, setting.heads, setting.sequence, setting.head_dim()};
}

std::vector<int64_t> by_head_qkv(const Setting& setting) {
  return {3, setting.batch, setting.heads, setting.sequence, setting.head_dim()};
}

/// Q, K and V by head, [3, batch, heads, sequence, head_dim].
Composition split_heads(const Setting& setting) {
  return [setting](const Tensors& in) -> Tensors {
    const std::vector<int64_t> sizes = {setting.batch, setting.sequence, 3, setting.heads,
                                        setting.head_dim()};
    return {at::add(in[0], in[1]).view(sizes).permute({2, 0, 3, 1, 4}).contiguous()};
  };
}

Case split_heads_forward(const Setting& setting) {
  RandomTensors random(setting);
  const at::Tensor input = random({setting.rows(), 3 * setting.hidden});
  const at::Tensor bias = random({3 * setting.hidden});
  const at::Tensor output = unwritten(setting, by_head_qkv(setting));
  return {.fused =
              [=, sequences = PaddedRows(setting)] {
                kernels::run_operator(output, [&]<class T>(auto... stream) {
                  kernels::split_heads_forward<T>({.output = data<T>(output),
                                                   .input = data<T>(input),
                                                   .bias = data<T>(bias),
                                                   .shape = head_shape(setting, sequences)},
                                                  stream...);
                });
              },
          .fused_outputs = {output},
          .torch = torch_forward({input, bias}, split_heads(setting)),
          .work = bytes_of({input, bias, output})};
}

Case split_heads_backward(const Setting& setting) {
  RandomTensors random(setting);
  const at::Tensor input = random({setting.rows(), 3 * setting.hidden});
  const at::Tensor bias = random({3 * setting.hidden});
  const at::Tensor d_output = random(by_head_qkv(setting));
  const at::Tensor d_input = unwritten(setting, input.sizes());
  const at::Tensor d_bias = unwritten(setting, bias.sizes());
  const at::Tensor partials = column_partials(setting, 3 * setting.hidden);
  return {.fused =
              [=, sequences = PaddedRows(setting)] {
                kernels::run_operator(d_input, [&]<class T>(auto... stream) {
                  kernels::split_heads_backward<T>({.d_input = data<T>(d_input),
                                                    .d_bias = data<T>(d_bias),
                                                    .d_output = data<T>(d_output),
                                                    .shape = head_shape(setting, sequences),
                                                    .partials = data<float>(partials)},
                                                   stream...);
                });
              },
          .fused_outputs = {d_input, d_bias},
          .torch = torch_backward({input, bias}, split_heads(setting), {d_output}),
          .work = bytes_of({d_output, d_input, d_bias})};
}

Case merge_heads(const Setting& setting) {
  RandomTensors random(setting);
  const at::Tensor input = random(by_head(setting));
  const at::Tensor output = unwritten(setting, {setting.rows(), setting.hidden});
  const std::vector<int64_t> sizes = output.sizes().vec();
  return {.fused =
              [=, sequences = PaddedRows(setting)] {
                kernels::run_operator(output, [&]<class T>(auto... stream) {
                  kernels::merge_heads<T>({.output = data<T>(output),
                                           .input = data<T>(input),
                                           .shape = head_shape(setting, sequences)},
                                          stream...);
                });
              },
          .fused_outputs = {output},
          .torch = torch_forward({input},
                                 [sizes](const Tensors& in) -> Tensors {
                                   return {in[0].transpose(1, 2).contiguous().view(sizes)};
                                 }),
          .work = bytes_of({input, output})};
}

Case unmerge_heads(const Setting& setting) {
  RandomTensors random(setting);
  const at::Tensor input = random({setting.rows(), setting.hidden});
  const at::Tensor output = unwritten(setting, by_head(setting));
  const std::vector<int64_t> sizes = {setting.batch, setting.sequence, setting.heads,
                                      setting.head_dim()};
  return {.fused =
              [=, sequences = PaddedRows(setting)] {
                kernels::run_operator(output, [&]<class T>(auto... stream) {
                  kernels::unmerge_heads<T>({.output = data<T>(output),
                                             .input = data<T>(input),
                                             .shape = head_shape(setting, sequences)},
                                            stream...);
                });
              },
          .fused_outputs = {output},
          .torch = torch_forward({input},
                                 [sizes](const Tensors& in) -> Tensors {
                                   return {in[0].view(sizes).transpose(1, 2).contiguous()};
                                 }),
          .work = bytes_of({input, output})};
}

}  // namespace

std::vector<Operator> head_layout_operators() {
  return {{"head_layout/split/forward", split_heads_forward, kSplit},
          {"head_layout/split/backward", split_heads_backward, kSplit},
          {"head_layout/merge/forward", merge_heads, kExact},
          {"head_layout/merge/backward", unmerge_heads, kExact}};
}

}  // namespace apps
