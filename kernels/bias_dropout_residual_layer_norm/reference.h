#pragma once

#include "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm.h"

namespace kernels {

/// Textbook loops in double; `partials` and `stochastic` are ignored.
void reference_bias_dropout_residual_layer_norm_forward(
    const BiasDropoutResidualLayerNormForward<double>& args);
void reference_bias_dropout_residual_layer_norm_backward(
    const BiasDropoutResidualLayerNormBackward<double>& args);

}  // namespace kernels
