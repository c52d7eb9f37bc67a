#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/dropout_stream.h"
#include "kernels/core/invertible_columns.h"
#include "kernels/core/sequence_rows.h"

namespace kernels {

/// sum = dropout(input + bias) + residual, rounded to T;  output = LayerNorm(sum).
/// Over [rows, columns], rows = sequences.rows(). `sum` may be null (normalize_invertible with
/// nothing else needing it) and may be `input`; `output` may be `input`. mean, rstd: float, [rows].
/// T: float or bfloat16, with a stream float16, too.
template <class T>
struct BiasDropoutResidualLayerNormForward {
  T* output;
  T* sum;
  float* mean;
  float* rstd;
  const T* input;
  const T* bias;
  const T* residual;
  const T* gamma;
  const T* beta;
  SequenceRows sequences;
  int64_t columns;
  float eps;
  DropoutStream stream;
  InvertibleColumns kept;
};

/// LayerNorm's backward at d_output (+ d_output_extra, which may be null), then dropout's:
///   d_residual = d_sum (+ d_sum_extra, which may be null)
///   d_input    = dropout(d_residual);  d_bias = column sums of d_input
/// x_hat comes from `sum`, or with `sum` null from `output` (normalize_invertible).
/// `d_residual` may be `d_output` or an extra; `d_input` must not alias `d_residual`.
/// `partials`: column_partials_size(columns, 3) floats, with a stream
/// cuda_column_partials_size(rows, columns, 3). `stochastic`: column sums in any order.
template <class T>
struct BiasDropoutResidualLayerNormBackward {
  T* d_input;
  T* d_residual;
  T* d_bias;
  T* d_gamma;
  T* d_beta;
  const T* d_output;
  const T* d_output_extra;
  const T* d_sum_extra;
  const T* sum;
  const T* output;
  const float* mean;
  const float* rstd;
  const T* gamma;
  const T* beta;
  SequenceRows sequences;
  int64_t columns;
  DropoutStream stream;
  InvertibleColumns kept;
  float* partials;
  bool stochastic = false;
};

template <class T>
void bias_dropout_residual_layer_norm_forward(const BiasDropoutResidualLayerNormForward<T>& args);
template <class T>
void bias_dropout_residual_layer_norm_backward(const BiasDropoutResidualLayerNormBackward<T>& args);

template <class T>
void bias_dropout_residual_layer_norm_forward(const BiasDropoutResidualLayerNormForward<T>& args,
                                              CudaStream stream);
template <class T>
void bias_dropout_residual_layer_norm_backward(const BiasDropoutResidualLayerNormBackward<T>& args,
                                               CudaStream stream);

}  // namespace kernels
