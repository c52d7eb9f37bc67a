#pragma once

#include <cstdint>

#include "kernels/core/cuda_stream.h"
#include "kernels/core/gelu.h"

namespace kernels {

/// output = gelu(input + bias), elementwise over [rows, columns]; bias [columns].
/// Saved for backward: input and bias. T: float or bfloat16, with a stream float16, too; arithmetic
/// in float. `output` may be `input`.
template <class T>
struct BiasGeluForward {
  T* output;
  const T* input;
  const T* bias;
  int64_t rows;
  int64_t columns;
  Gelu gelu;
};

/// d_input = d_output * gelu'(input + bias);  d_bias = column sums of d_input.
/// `d_input` may be `d_output`. `partials`: column_partials_size(columns) floats; with a stream
/// cuda_column_partials_size(rows, columns). `stochastic`: column sums may be added in any order.
template <class T>
struct BiasGeluBackward {
  T* d_input;
  T* d_bias;
  const T* d_output;
  const T* input;
  const T* bias;
  int64_t rows;
  int64_t columns;
  Gelu gelu;
  float* partials;
  bool stochastic = false;
};

template <class T>
void bias_gelu_forward(const BiasGeluForward<T>& args);
template <class T>
void bias_gelu_backward(const BiasGeluBackward<T>& args);

template <class T>
void bias_gelu_forward(const BiasGeluForward<T>& args, CudaStream stream);
template <class T>
void bias_gelu_backward(const BiasGeluBackward<T>& args, CudaStream stream);

}  // namespace kernels
