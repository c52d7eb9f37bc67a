#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/dropout_stream.h"
#include "kernels/core/sequence_rows.h"

namespace kernels {

/// output = dropout(input + bias) + residual, over [sequences.rows(), columns]; bias [columns].
/// Nothing is saved: the bits are regenerated. `output` may be `input` or `residual`.
/// T: float or bfloat16, with a stream float16, too.
template <class T>
struct BiasDropoutResidualForward {
  T* output;
  const T* input;
  const T* bias;
  const T* residual;
  SequenceRows sequences;
  int64_t columns;
  DropoutStream stream;
};

/// d_input = dropout(d_output);  d_bias = column sums of d_input;  d_residual is d_output itself.
/// `partials`: column_partials_size(columns) floats, with a stream
/// cuda_column_partials_size(rows, columns). `stochastic`: sums in any order.
template <class T>
struct BiasDropoutResidualBackward {
  T* d_input;
  T* d_bias;
  const T* d_output;
  SequenceRows sequences;
  int64_t columns;
  DropoutStream stream;
  float* partials;
  bool stochastic = false;
};

template <class T>
void bias_dropout_residual_forward(const BiasDropoutResidualForward<T>& args);
template <class T>
void bias_dropout_residual_backward(const BiasDropoutResidualBackward<T>& args);

template <class T>
void bias_dropout_residual_forward(const BiasDropoutResidualForward<T>& args, CudaStream stream);
template <class T>
void bias_dropout_residual_backward(const BiasDropoutResidualBackward<T>& args, CudaStream stream);

}  // namespace kernels
