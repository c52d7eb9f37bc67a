#pragma once

#include "kernels/gemm/gemm.h"

namespace kernels {

/// gemm() in double, element by element; no workspace, no epilogue.
template <class T>
void gemm_reference(const Gemm<T>& args);

}  // namespace kernels
