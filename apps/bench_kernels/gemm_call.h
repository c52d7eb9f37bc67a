#pragma once

#include <functional>

#include <ATen/core/Tensor.h>

namespace apps {

/// Which operand of out [m, n] is transposed: kNt: a [m, k] * b [n, k]ᵀ; kNn: a [m, k] * b [k, n];
/// kTn: a [k, m]ᵀ * b [k, n].
enum class Layout { kNt, kNn, kTn };

/// The product of kernels/gemm/ with a workspace of its own, for contiguous matrices, or batches of
/// them where `out` has three dimensions.
std::function<void()> gemm_call(Layout layout, const at::Tensor& out, const at::Tensor& a,
                                const at::Tensor& b);

}  // namespace apps
