#include "kernels/layer/layer_backward.h"

#include <algorithm>
#include <utility>

#include "kernels/bias_dropout_residual/bias_dropout_residual.h"
#include "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm.h"
#include "kernels/bias_gelu/bias_gelu.h"
#include "kernels/core/column_partials.h"
#include "kernels/layer/flash_attention.h"
#include "kernels/layer/gemm.h"
#include "kernels/layer/materialized_attention.h"
#include "kernels/layer_norm/layer_norm.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace kernels {
namespace {

bool sole_owner(const at::Tensor& tensor) {
  return tensor.use_count() == 1 && tensor.storage().use_count() == 1;
}

/// Floats for the column sums of any one operator.
int64_t cpu_partials_size(const LayerCall& call) {
  return std::max({column_partials_size(3 * call.hidden()), column_partials_size(call.hidden(), 3),
                   column_partials_size(call.intermediate)});
}
int64_t cuda_partials_size(const LayerCall& call) {
  const int64_t rows = call.rows();
  const int64_t attention = call.flags.flash_attention
                                ? cuda_flash_attention_partials_size(attention_rows(call))
                                : cuda_column_partials_size(rows, 3 * call.hidden());
  return std::max({attention, cuda_column_partials_size(rows, call.hidden(), 3),
                   cuda_column_partials_size(rows, call.intermediate)});
}

/// One backward pass: what its steps share.
class Backward {
 public:
  Backward(const LayerBackwardInputs& inputs, SavedTensors& saved)
      : call_(inputs.call),
        weights_(inputs.weights),
        inputs_(inputs),
        saved_(saved),
        memory_{inputs.consume} {
    partials_ = allocate_floats(weights_.qkv_weight, takes_cuda_workspace(weights_.qkv_weight)
                                                         ? cuda_partials_size(call_)
                                                         : cpu_partials_size(call_));
  }

  LayerGradients run(at::Tensor d_output) {
    at::Tensor d_hidden =
        call_.pre_layer_norm ? pre_norm(std::move(d_output)) : post_norm(std::move(d_output));
    return {std::move(d_hidden), std::move(gradients_)};
  }

 private:
  struct NormGradients {
    at::Tensor& gamma;
    at::Tensor& beta;
    at::Tensor& bias;
  };
  struct SumNorm {
    const SavedNorm& saved;
    const at::Tensor& output;  ///< the LayerNorm's, for normalize_invertible
    const at::Tensor& gamma;
    const at::Tensor& beta;
    const DropoutStream& stream;
  };
  struct SumGradients {
    at::Tensor sum;
    at::Tensor product;
  };

  at::Tensor post_norm(at::Tensor d_output);
  at::Tensor pre_norm(at::Tensor d_output);
  SumGradients sum_norm(const SumNorm& norm, at::Tensor d_output, const at::Tensor& d_sum_extra,
                        const NormGradients& gradients);
  at::Tensor input_norm(const at::Tensor& d_normed, at::Tensor d_residual);
  at::Tensor output_dropout(const at::Tensor& d_output);
  at::Tensor feed_forward(const at::Tensor& d_product);
  at::Tensor attention(at::Tensor d_product, const at::Tensor& input);
  at::Tensor activated();

  SumNorm attention_norm() const {
    return {saved_.attention_norm, saved_.attention_normed, weights_.attention_norm_weight,
            weights_.attention_norm_bias, call_.attention_output_dropout};
  }
  NormGradients attention_norm_gradients() {
    return {gradients_.attention_norm_weight, gradients_.attention_norm_bias,
            gradients_.attention_bias};
  }
  float* partials() const { return data<float>(partials_); }

  at::Tensor weight_gradient(const at::Tensor& weight, const at::Tensor& d_product,
                             const at::Tensor& input) const {
    at::Tensor gradient = allocate_like(weight);
    gemm_tn(gradient, d_product, input);
    return gradient;
  }

  const LayerCall& call_;
  const LayerWeights& weights_;
  const LayerBackwardInputs& inputs_;
  SavedTensors& saved_;
  SavedMemory memory_;
  at::Tensor partials_;
  LayerWeights gradients_;
};

/// Through LayerNorm and dropout. The sum's gradient takes the place of `d_output` if that is ours.
Backward::SumGradients Backward::sum_norm(const SumNorm& norm, at::Tensor d_output,
                                          const at::Tensor& d_sum_extra,
                                          const NormGradients& gradients) {
  gradients.gamma = allocate_like(norm.gamma);
  gradients.beta = allocate_like(norm.beta);
  gradients.bias = allocate_like(norm.beta);
  SumGradients result;
  result.sum = sole_owner(d_output) ? d_output : allocate_like(d_output);
  result.product = allocate_like(d_output);
  run_operator(d_output, [&]<class T>(auto... stream) {
    bias_dropout_residual_layer_norm_backward<T>({.d_input = data<T>(result.product),
                                                  .d_residual = data<T>(result.sum),
                                                  .d_bias = data<T>(gradients.bias),
                                                  .d_gamma = data<T>(gradients.gamma),
                                                  .d_beta = data<T>(gradients.beta),
                                                  .d_output = data<T>(d_output),
                                                  .d_output_extra = nullptr,
                                                  .d_sum_extra = data<T>(d_sum_extra),
                                                  .sum = data<T>(norm.saved.input),
                                                  .output = data<T>(norm.output),
                                                  .mean = data<float>(norm.saved.mean),
                                                  .rstd = data<float>(norm.saved.rstd),
                                                  .gamma = data<T>(norm.gamma),
                                                  .beta = data<T>(norm.beta),
                                                  .sequences = call_.sequences(),
                                                  .columns = call_.hidden(),
                                                  .stream = norm.stream,
                                                  .kept = norm.saved.kept(),
                                                  .partials = partials(),
                                                  .stochastic = call_.flags.stochastic_mode},
                                                 stream...);
  });
  return result;
}

/// Pre-LN's first LayerNorm; the result takes the place of `d_residual`.
at::Tensor Backward::input_norm(const at::Tensor& d_normed, at::Tensor d_residual) {
  gradients_.output_norm_weight = allocate_like(weights_.output_norm_weight);
  gradients_.output_norm_bias = allocate_like(weights_.output_norm_bias);
  const SavedNorm& norm = saved_.output_norm;
  run_operator(d_normed, [&]<class T>(auto... stream) {
    layer_norm_backward<T>({.d_input = data<T>(d_residual),
                            .d_gamma = data<T>(gradients_.output_norm_weight),
                            .d_beta = data<T>(gradients_.output_norm_bias),
                            .d_output = data<T>(d_normed),
                            .d_residual = data<T>(d_residual),
                            .input = data<T>(inputs_.hidden),
                            .output = data<T>(saved_.normed_input),
                            .mean = data<float>(norm.mean),
                            .rstd = data<float>(norm.rstd),
                            .gamma = data<T>(weights_.output_norm_weight),
                            .beta = data<T>(weights_.output_norm_bias),
                            .rows = call_.rows(),
                            .columns = call_.hidden(),
                            .kept = norm.kept(),
                            .partials = partials(),
                            .stochastic = call_.flags.stochastic_mode},
                           stream...);
  });
  return d_residual;
}

/// Pre-LN's last dropout: the second dense product's gradient.
at::Tensor Backward::output_dropout(const at::Tensor& d_output) {
  gradients_.output_bias = allocate_like(weights_.output_bias);
  at::Tensor d_product = allocate_like(d_output);
  run_operator(d_output, [&]<class T>(auto... stream) {
    bias_dropout_residual_backward<T>({.d_input = data<T>(d_product),
                                       .d_bias = data<T>(gradients_.output_bias),
                                       .d_output = data<T>(d_output),
                                       .sequences = call_.sequences(),
                                       .columns = call_.hidden(),
                                       .stream = call_.layer_output_dropout,
                                       .partials = partials(),
                                       .stochastic = call_.flags.stochastic_mode},
                                      stream...);
  });
  return d_product;
}

/// GELU's output: saved, or recomputed under gelu_checkpoint. The caller may write over it.
at::Tensor Backward::activated() {
  if (saved_.activated.defined()) return saved_.activated;
  at::Tensor result = allocate_like(saved_.intermediate);
  run_operator(result, [&]<class T>(auto... stream) {
    bias_gelu_forward<T>({.output = data<T>(result),
                          .input = data<T>(saved_.intermediate),
                          .bias = data<T>(weights_.intermediate_bias),
                          .rows = call_.rows(),
                          .columns = call_.intermediate,
                          .gelu = call_.gelu},
                         stream...);
  });
  return result;
}

/// From the second dense product's gradient to the first one's, [rows, intermediate].
at::Tensor Backward::feed_forward(const at::Tensor& d_product) {
  at::Tensor activation = activated();
  gradients_.output_weight = weight_gradient(weights_.output_weight, d_product, activation);
  at::Tensor d_intermediate;
  if (saved_.activated.defined()) {
    activation.reset();
    d_intermediate = memory_.take(saved_.activated);
  } else {
    d_intermediate = std::move(activation);
  }
  gemm_nn(d_intermediate, d_product, weights_.output_weight);
  gradients_.intermediate_bias = allocate_like(weights_.intermediate_bias);
  run_operator(d_product, [&]<class T>(auto... stream) {
    bias_gelu_backward<T>({.d_input = data<T>(d_intermediate),
                           .d_bias = data<T>(gradients_.intermediate_bias),
                           .d_output = data<T>(d_intermediate),
                           .input = data<T>(saved_.intermediate),
                           .bias = data<T>(weights_.intermediate_bias),
                           .rows = call_.rows(),
                           .columns = call_.intermediate,
                           .gelu = call_.gelu,
                           .partials = partials(),
                           .stochastic = call_.flags.stochastic_mode},
                          stream...);
  });
  memory_.free(saved_.intermediate);
  gradients_.intermediate_weight =
      weight_gradient(weights_.intermediate_weight, d_intermediate, saved_.attention_normed);
  return d_intermediate;
}

/// From the attention output's dense product to the packed QKV product, [rows, 3 hidden], whose
/// input was `input`.
at::Tensor Backward::attention(at::Tensor d_product, const at::Tensor& input) {
  gradients_.attention_weight =
      weight_gradient(weights_.attention_weight, d_product, saved_.context);
  gradients_.qkv_bias = allocate_like(weights_.qkv_bias);
  const AttentionBackward attention = {
      call_, saved_, memory_, weights_.qkv_bias, gradients_.qkv_bias, partials()};
  const bool flash = call_.flags.flash_attention;  // which still reads the context
  at::Tensor d_context = flash ? allocate_like(saved_.context) : memory_.take(saved_.context);
  gemm_nn(d_context, d_product, weights_.attention_weight);
  at::Tensor d_packed;
  if (flash) {
    d_product.reset();
    d_packed = flash_self_attention_backward(attention, d_context);
    d_context.reset();
  } else {
    d_packed =
        materialized_attention_backward(attention, std::move(d_context), std::move(d_product));
  }
  gradients_.qkv_weight = weight_gradient(weights_.qkv_weight, d_packed, input);
  return d_packed;
}

at::Tensor Backward::post_norm(at::Tensor d_output) {
  auto [d_normed, d_product] = sum_norm(
      {saved_.output_norm, saved_.output, weights_.output_norm_weight, weights_.output_norm_bias,
       call_.layer_output_dropout},
      std::move(d_output), at::Tensor(),
      {gradients_.output_norm_weight, gradients_.output_norm_bias, gradients_.output_bias});
  memory_.free(saved_.output_norm.input);
  memory_.free(saved_.output);
  at::Tensor d_intermediate = feed_forward(d_product);
  d_product.reset();
  gemm_nn(d_normed, d_intermediate, weights_.intermediate_weight, GemmOutput::kAccumulate);
  d_intermediate.reset();
  auto [d_hidden, d_attention] =
      sum_norm(attention_norm(), std::move(d_normed), at::Tensor(), attention_norm_gradients());
  memory_.free(saved_.attention_norm.input);
  memory_.free(saved_.attention_normed);
  const at::Tensor d_packed = attention(std::move(d_attention), inputs_.hidden);
  if (!inputs_.needs_hidden_gradient) return at::Tensor();
  gemm_nn(d_hidden, d_packed, weights_.qkv_weight, GemmOutput::kAccumulate);
  return d_hidden;
}

at::Tensor Backward::pre_norm(at::Tensor d_output) {
  at::Tensor d_normed = output_dropout(d_output);
  at::Tensor d_intermediate = feed_forward(d_normed);
  gemm_nn(d_normed, d_intermediate, weights_.intermediate_weight);
  d_intermediate.reset();
  auto [d_hidden, d_attention] =
      sum_norm(attention_norm(), std::move(d_normed), d_output, attention_norm_gradients());
  d_output.reset();
  memory_.free(saved_.attention_norm.input);
  memory_.free(saved_.attention_normed);
  at::Tensor d_packed = attention(std::move(d_attention), saved_.normed_input);
  const at::Tensor d_normed_input = allocate_like(d_hidden);
  gemm_nn(d_normed_input, d_packed, weights_.qkv_weight);
  d_packed.reset();
  at::Tensor result = input_norm(d_normed_input, std::move(d_hidden));
  memory_.free(saved_.normed_input);
  return inputs_.needs_hidden_gradient ? result : at::Tensor();
}

}  // namespace

LayerGradients layer_backward(const LayerBackwardInputs& inputs, SavedTensors& saved,
                              at::Tensor d_output) {
  return Backward(inputs, saved).run(std::move(d_output));
}

}  // namespace kernels
