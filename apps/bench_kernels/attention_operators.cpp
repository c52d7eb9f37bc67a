#include <cmath>

#include "apps/bench_kernels/composition.h"
#include "apps/bench_kernels/operators.h"
#include "apps/bench_kernels/streams.h"
#include "apps/bench_kernels/tensors.h"
#include "kernels/softmax_dropout/softmax_dropout.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

/// float: sums over a row of 384 in another order, exponentials of another polynomial. bfloat16:
/// the backward pass takes differences of products with probabilities that were rounded.
constexpr Agreement kSoftmax = {{1e-6, 1e-6}, {5e-3, 1.2e-2}};

std::vector<int64_t> score_sizes(const Setting& setting) {
  return {setting.batch, setting.heads, setting.sequence, setting.sequence};
}

double score_scale(const Setting& setting) {
  return 1 / std::sqrt(static_cast<double>(setting.head_dim()));
}

/// `args` with what is the same in both directions. `lengths`: no position is masked, so that every
/// element is computed, as the bytes of the ceiling assume.
template <class Arguments>
Arguments of_scores(const Setting& setting, const at::Tensor& lengths, Arguments args) {
  args.lengths = data<int64_t>(lengths);
  args.batch = setting.batch;
  args.heads = setting.heads;
  args.sequence = setting.sequence;
  args.scale = static_cast<float>(score_scale(setting));
  args.stream = attention_stream(setting);
  return args;
}

at::Tensor softmax(const Setting& setting, const at::Tensor& scores, const at::Tensor& mask) {
  return at::softmax(at::add(at::mul(scores, score_scale(setting)), mask), -1);
}

at::Tensor additive_mask(const Setting& setting) {
  return at::zeros({setting.batch, 1, 1, setting.sequence},
                   at::TensorOptions(setting.dtype).device(setting.device));
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
                kernels::run_operator(scores, [&]<class T>(auto... stream) {
                  kernels::SoftmaxDropoutForward<T> args = {};
                  args.probabilities = data<T>(probabilities);
                  args.dropped = data<T>(dropped);
                  args.scores = data<T>(scores);
                  kernels::softmax_dropout_forward(of_scores(setting, lengths, args), stream...);
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
                kernels::run_operator(scores, [&]<class T>(auto... stream) {
                  kernels::SoftmaxDropoutBackward<T> args = {};
                  args.d_scores = data<T>(d_scores);
                  args.d_dropped = data<T>(d_dropped);
                  args.probabilities = data<T>(probabilities);
                  kernels::softmax_dropout_backward(of_scores(setting, lengths, args), stream...);
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
  return {{"softmax_dropout/forward", softmax_dropout_forward, kSoftmax},
          {"softmax_dropout/backward", softmax_dropout_backward, kSoftmax}};
}

}  // namespace apps
