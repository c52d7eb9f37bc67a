#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/invertible_columns.h"

namespace kernels {

/// output = (input - mean) * rstd * gamma + beta by rows of [rows, columns];
/// mean and rstd = 1 / sqrt(variance + eps) in float, [rows]. Two-pass variance.
/// `kept`: columns whose x_hat is written for normalize_invertible (count 0: none). `output` may be
/// `input`. T: float or bfloat16, with a stream float16, too.
template <class T>
struct LayerNormForward {
  T* output;
  float* mean;
  float* rstd;
  const T* input;
  const T* gamma;
  const T* beta;
  int64_t rows;
  int64_t columns;
  float eps;
  InvertibleColumns kept;
};

/// x_hat = (input - mean) * rstd, or with `input` null, from `output` (normalize_invertible):
/// (output - beta) / gamma, or `kept`. With g = d_output * gamma:
///   d_input = rstd * (g - mean(g) - x_hat * mean(g * x_hat)) + d_residual
///   d_gamma = column sums of d_output * x_hat;  d_beta = column sums of d_output
/// `d_residual` may be null; `d_input` may be `d_output` or `d_residual`.
/// `partials`: column_partials_size(columns, 2) floats, with a stream
/// cuda_column_partials_size(rows, columns, 2). `stochastic`: column sums in any order.
template <class T>
struct LayerNormBackward {
  T* d_input;
  T* d_gamma;
  T* d_beta;
  const T* d_output;
  const T* d_residual;
  const T* input;
  const T* output;
  const float* mean;
  const float* rstd;
  const T* gamma;
  const T* beta;
  int64_t rows;
  int64_t columns;
  InvertibleColumns kept;
  float* partials;
  bool stochastic = false;
};

template <class T>
void layer_norm_forward(const LayerNormForward<T>& args);
template <class T>
void layer_norm_backward(const LayerNormBackward<T>& args);

template <class T>
void layer_norm_forward(const LayerNormForward<T>& args, CudaStream stream);
template <class T>
void layer_norm_backward(const LayerNormBackward<T>& args, CudaStream stream);

}  // namespace kernels
