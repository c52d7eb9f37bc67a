#pragma once

#include "kernels/dropout/dropout.h"

namespace kernels {

/// Textbook loops in double, with the scalar bits of core/dropout_bits.h.
void reference_dropout(const Dropout<double>& args);

}  // namespace kernels
