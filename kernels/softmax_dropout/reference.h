#pragma once

#include "kernels/softmax_dropout/softmax_dropout.h"

namespace kernels {

/// Textbook loops in double, with the scalar bits of core/dropout_bits.h.
void reference_softmax_dropout_forward(const SoftmaxDropoutForward<double>& args);
void reference_softmax_dropout_backward(const SoftmaxDropoutBackward<double>& args);

}  // namespace kernels
