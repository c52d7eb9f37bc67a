#pragma once

#include <span>

#include "kernels/adamw/adamw.h"

namespace kernels {

/// Textbook loops in double.
void reference_adamw(const AdamW<double>& args);
double reference_gradient_norm(std::span<const AdamWTensor<double>> tensors);

}  // namespace kernels
