#include "kernels/layer/layer_forward.h"

#include <utility>

#include "kernels/bias_dropout_residual/bias_dropout_residual.h"
#include "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm.h"
#include "kernels/bias_gelu/bias_gelu.h"
#include "kernels/layer/flash_attention.h"
#include "kernels/layer/gemm.h"
#include "kernels/layer/kept_columns.h"
#include "kernels/layer/materialized_attention.h"
#include "kernels/layer_norm/layer_norm.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace kernels {
namespace {

NormWeights attention_norm(const LayerCall& call, const LayerWeights& weights) {
  return {weights.attention_norm_weight, weights.attention_norm_bias,
          call.kept_room.attention_norm};
}
NormWeights output_norm(const LayerCall& call, const LayerWeights& weights) {
  return {weights.output_norm_weight, weights.output_norm_bias, call.kept_room.output_norm};
}

/// Statistics for a LayerNorm's backward; with normalize_invertible the columns to keep.
void prepare_norm(const LayerCall& call, const NormWeights& norm, bool keep, SavedNorm& saved) {
  saved.mean = allocate_floats(norm.gamma, call.rows());
  saved.rstd = allocate_floats(norm.gamma, call.rows());
  if (keep && call.flags.normalize_invertible) keep_columns(norm, call.rows(), saved);
}

at::Tensor norm_forward(const LayerCall& call, const NormWeights& norm, const at::Tensor& input,
                        bool keep, SavedNorm& saved) {
  prepare_norm(call, norm, keep, saved);
  at::Tensor output = allocate(input, input.sizes());
  run_operator(input, [&]<class T>(auto... stream) {
    layer_norm_forward<T>({.output = data<T>(output),
                           .mean = data<float>(saved.mean),
                           .rstd = data<float>(saved.rstd),
                           .input = data<T>(input),
                           .gamma = data<T>(norm.gamma),
                           .beta = data<T>(norm.beta),
                           .rows = call.rows(),
                           .columns = call.hidden(),
                           .eps = call.eps,
                           .kept = saved.kept()},
                          stream...);
  });
  return output;
}

struct Projection {
  const at::Tensor& bias;
  const at::Tensor& residual;
  const DropoutStream& stream;
};

/// LayerNorm(dropout(product + bias) + residual). With `keep_sum` the sum takes the place of
/// `product` and is left in `saved.input`; without, the output takes it.
at::Tensor sum_norm_forward(const LayerCall& call, const Projection& projection,
                            const NormWeights& norm, at::Tensor product, bool keep, bool keep_sum,
                            SavedNorm& saved) {
  prepare_norm(call, norm, keep, saved);
  at::Tensor output = keep_sum ? allocate(product, product.sizes()) : product;
  if (keep_sum) saved.input = product;
  run_operator(product, [&]<class T>(auto... stream) {
    bias_dropout_residual_layer_norm_forward<T>({.output = data<T>(output),
                                                 .sum = data<T>(saved.input),
                                                 .mean = data<float>(saved.mean),
                                                 .rstd = data<float>(saved.rstd),
                                                 .input = data<T>(product),
                                                 .bias = data<T>(projection.bias),
                                                 .residual = data<T>(projection.residual),
                                                 .gamma = data<T>(norm.gamma),
                                                 .beta = data<T>(norm.beta),
                                                 .sequences = call.sequences(),
                                                 .columns = call.hidden(),
                                                 .eps = call.eps,
                                                 .stream = projection.stream,
                                                 .kept = saved.kept()},
                                                stream...);
  });
  return output;
}

/// Self-attention of `input` up to its output's dense product, without that product's bias.
at::Tensor attention_forward(const LayerCall& call, const LayerWeights& weights,
                             const at::Tensor& input, bool keep, SavedTensors& saved) {
  at::Tensor qkv = allocate(input, {call.rows(), 3 * call.hidden()});
  gemm_nt(qkv, input, weights.qkv_weight);
  const auto attend = call.flags.flash_attention ? flash_self_attention : materialized_attention;
  at::Tensor context = attend(call, weights.qkv_bias, std::move(qkv), keep, saved);
  at::Tensor product = allocate(input, input.sizes());
  gemm_nt(product, context, weights.attention_weight);
  if (keep) saved.context = std::move(context);
  return product;
}

/// The feed-forward of `input` up to its second dense product, without that product's bias.
at::Tensor feed_forward_forward(const LayerCall& call, const LayerWeights& weights,
                                const at::Tensor& input, bool keep, SavedTensors& saved) {
  at::Tensor intermediate = allocate(input, {call.rows(), call.intermediate});
  gemm_nt(intermediate, input, weights.intermediate_weight);
  at::Tensor activated = keep ? allocate(input, intermediate.sizes()) : intermediate;
  run_operator(input, [&]<class T>(auto... stream) {
    bias_gelu_forward<T>({.output = data<T>(activated),
                          .input = data<T>(intermediate),
                          .bias = data<T>(weights.intermediate_bias),
                          .rows = call.rows(),
                          .columns = call.intermediate,
                          .gelu = call.gelu},
                         stream...);
  });
  if (keep) saved.intermediate = std::move(intermediate);
  at::Tensor product = allocate(input, input.sizes());
  gemm_nt(product, activated, weights.output_weight);
  if (keep && !call.flags.gelu_checkpoint) saved.activated = std::move(activated);
  return product;
}

at::Tensor post_norm_forward(const LayerCall& call, const LayerWeights& weights,
                             const at::Tensor& hidden, bool keep, SavedTensors& saved) {
  const bool keep_sums = keep && !call.flags.normalize_invertible;
  at::Tensor normed = sum_norm_forward(
      call, {weights.attention_bias, hidden, call.attention_output_dropout},
      attention_norm(call, weights), attention_forward(call, weights, hidden, keep, saved), keep,
      keep_sums, saved.attention_norm);
  at::Tensor output = sum_norm_forward(
      call, {weights.output_bias, normed, call.layer_output_dropout}, output_norm(call, weights),
      feed_forward_forward(call, weights, normed, keep, saved), keep, keep_sums, saved.output_norm);
  if (keep) saved.attention_normed = std::move(normed);
  return output;
}

at::Tensor pre_norm_forward(const LayerCall& call, const LayerWeights& weights,
                            const at::Tensor& hidden, bool keep, SavedTensors& saved) {
  at::Tensor normed_input =
      norm_forward(call, output_norm(call, weights), hidden, keep, saved.output_norm);
  at::Tensor product = attention_forward(call, weights, normed_input, keep, saved);
  if (keep) saved.normed_input = normed_input;
  normed_input.reset();
  at::Tensor normed = sum_norm_forward(
      call, {weights.attention_bias, hidden, call.attention_output_dropout},
      attention_norm(call, weights), std::move(product), keep, true, saved.attention_norm);
  at::Tensor output = feed_forward_forward(call, weights, normed, keep, saved);
  run_operator(output, [&]<class T>(auto... stream) {
    bias_dropout_residual_forward<T>({.output = data<T>(output),
                                      .input = data<T>(output),
                                      .bias = data<T>(weights.output_bias),
                                      .residual = data<T>(saved.attention_norm.input),
                                      .sequences = call.sequences(),
                                      .columns = call.hidden(),
                                      .stream = call.layer_output_dropout},
                                     stream...);
  });
  if (!keep || call.flags.normalize_invertible) saved.attention_norm.input.reset();
  if (keep) saved.attention_normed = std::move(normed);
  return output;
}

}  // namespace

at::Tensor layer_forward(const LayerCall& call, const LayerWeights& weights,
                         const at::Tensor& hidden, bool keep, SavedTensors& saved) {
  return call.pre_layer_norm ? pre_norm_forward(call, weights, hidden, keep, saved)
                             : post_norm_forward(call, weights, hidden, keep, saved);
}

}  // namespace kernels
