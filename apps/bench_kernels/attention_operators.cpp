#include <cmath>

#include "apps/bench_kernels/composition.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/streams.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/layer/dtype.h"
#include "kernels/softmax_dropout/softmax_dropout.h"

namespace apps {
namespace {

using kernels::data;

std::vector<int64_t> score_sizes(const Setting& setting) {
  return {setting.batch, setting.heads, setting.sequence, setting.sequence};
}

double score_scale(const Setting& setting) {
  return 1 / std::sqrt(static_cast<double>(setting.head_dim()));
}

/// No position is masked: every element is computed, as the bytes of the ceiling assume.
std::vector<int64_t> full_lengths(const Setting& setting) {
  return std::vector<int64_t>(static_cast<size_t>(setting.batch), setting.sequence);
}

at::Tensor softmax(const Setting& setting, const at::Tensor& scores, const at::Tensor& mask) {
  return at::softmax(at::add(at::mul(scores, score_scale(setting)), mask), -1);
}

at::Tensor additive_mask(const Setting& setting) {
  return at::zeros({setting.batch, 1, 1, setting.sequence}, at::TensorOptions(setting.dtype));
}

/// The probabilities after dropout and before.
Composition softmax_dropout(const Setting& setting) {
  return [setting, mask = additive_mask(setting)](const Tensors& in) -> Tensors {
    const at::Tensor probabilities = softmax(setting, in[0], mask);
    return {at::dropout(probabilities, setting.dropout, true), probabilities};
  };
}

Case softmax_dropout_forward(const Setting& setting) {
  const at::Tensor scores = RandomTensors(setting)(score_sizes(setting));
  const at::Tensor probabilities = unwritten(setting, scores.sizes());
  const at::Tensor dropped = unwritten(setting, scores.sizes());
  return {.fused =
              [=, lengths = full_lengths(setting)] {
                kernels::with_element_type(scores, [&]<class T>() {
                  kernels::softmax_dropout_forward<T>(
                      {.probabilities = data<T>(probabilities),
                       .dropped = data<T>(dropped),
                       .scores = data<T>(scores),
                       .lengths = lengths.data(),
                       .batch = setting.batch,
                       .heads = setting.heads,
                       .sequence = setting.sequence,
                       .scale = static_cast<float>(score_scale(setting)),
                       .stream = attention_stream(setting)});
                });
              },
          .fused_outputs = {dropped, probabilities},
          .torch = torch_forward({scores}, softmax_dropout(setting)),
          .work = bytes_of({scores, probabilities, dropped})};
}

Case softmax_dropout_backward(const Setting& setting) {
  RandomTensors random(setting);
  const at::Tensor scores = random(score_sizes(setting));
  const at::Tensor d_dropped = random(scores.sizes());
  const at::Tensor probabilities = softmax(setting, scores, additive_mask(setting));
  const at::Tensor d_scores = unwritten(setting, scores.sizes());
  const Composition composition = softmax_dropout(setting);
  return {.fused =
              [=, lengths = full_lengths(setting)] {
                kernels::with_element_type(scores, [&]<class T>() {
                  kernels::softmax_dropout_backward<T>(
                      {.d_scores = data<T>(d_scores),
                       .d_dropped = data<T>(d_dropped),
                       .probabilities = data<T>(probabilities),
                       .lengths = lengths.data(),
                       .batch = setting.batch,
                       .heads = setting.heads,
                       .sequence = setting.sequence,
                       .scale = static_cast<float>(score_scale(setting)),
                       .stream = attention_stream(setting)});
                });
              },
          .fused_outputs = {d_scores},
          .torch = torch_backward(
              {scores}, [=](const Tensors& in) -> Tensors { return {composition(in)[0]}; },
              {d_dropped}),
          .work = bytes_of({d_dropped, probabilities, d_scores})};
}

}  // namespace

std::vector<Operator> attention_operators() {
  return {{"softmax_dropout/forward", softmax_dropout_forward},
          {"softmax_dropout/backward", softmax_dropout_backward}};
}

}  // namespace apps
