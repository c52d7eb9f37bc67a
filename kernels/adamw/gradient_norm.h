#pragma once

#include <span>

#include "kernels/adamw/adamw.h"

namespace kernels {

/// The square root of the sum of squares of all gradients, which are read once. Summed in double,
/// so that nothing finite overflows; through a fixed number of blocks, so that the bits do not
/// depend on the number of threads. T: float or bfloat16.
template <class T>
double gradient_norm(std::span<const AdamWTensor<T>> tensors);

/// What gradients are multiplied with so that their norm becomes at most `max_norm`:
/// min(1, max_norm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_ has it. 0 for an infinite
/// norm and NaN for NaN, so that a gradient that is not finite spoils the step, as it does there.
double clip_coefficient(double norm, double max_norm);

}  // namespace kernels
