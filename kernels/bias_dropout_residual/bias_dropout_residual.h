#pragma once

#include <cstdint>

#include "kernels/core/dropout_stream.h"

namespace kernels {

/// output = dropout(input + bias) + residual, over [batch * sequence, columns]; bias [columns].
/// Nothing is saved: the bits are regenerated. `output` may be `input` or `residual`.
template <class T>
struct BiasDropoutResidualForward {
  T* output;
  const T* input;
  const T* bias;
  const T* residual;
  int64_t batch;
  int64_t sequence;
  int64_t columns;
  DropoutStream stream;
};

/// d_input = dropout(d_output);  d_bias = column sums of d_input;  d_residual is d_output itself.
/// `partials`: column_partials_size(columns) floats. `stochastic`: sums in any order.
template <class T>
struct BiasDropoutResidualBackward {
  T* d_input;
  T* d_bias;
  const T* d_output;
  int64_t batch;
  int64_t sequence;
  int64_t columns;
  DropoutStream stream;
  float* partials;
  bool stochastic = false;
};

template <class T>
void bias_dropout_residual_forward(const BiasDropoutResidualForward<T>& args);
template <class T>
void bias_dropout_residual_backward(const BiasDropoutResidualBackward<T>& args);

}  // namespace kernels
