#pragma once

#include "kernels/bias_dropout_residual/bias_dropout_residual.h"

namespace kernels {

/// Textbook loops in double; `partials` and `stochastic` are ignored.
void reference_bias_dropout_residual_forward(const BiasDropoutResidualForward<double>& args);
void reference_bias_dropout_residual_backward(const BiasDropoutResidualBackward<double>& args);

}  // namespace kernels
