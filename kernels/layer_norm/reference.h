#pragma once

#include "kernels/layer_norm/layer_norm.h"

namespace kernels {

/// Textbook loops in double; `partials` and `stochastic` are ignored.
void reference_layer_norm_forward(const LayerNormForward<double>& args);
void reference_layer_norm_backward(const LayerNormBackward<double>& args);

}  // namespace kernels
