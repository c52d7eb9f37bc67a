#pragma once

#include "kernels/bias_gelu/bias_gelu.h"

namespace kernels {

/// Textbook loops in double; `partials` and `stochastic` are ignored.
void reference_bias_gelu_forward(const BiasGeluForward<double>& args);
void reference_bias_gelu_backward(const BiasGeluBackward<double>& args);

}  // namespace kernels
