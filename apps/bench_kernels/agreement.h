#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace apps {

using Tensors = std::vector<at::Tensor>;

/// Largest error of a tensor: the difference's norm over the norm of what is expected, and its
/// largest element over the largest.
struct ErrorBound {
  double norm;
  double largest;
};

/// What an operator may differ by from LibTorch in fp32, by its own precision, on the CPU.
struct Agreement {
  ErrorBound fp32;
  ErrorBound bf16;

  /// float16 rounds to an eighth of bfloat16's unit, but has few bits left for tiny values: a
  /// quarter of its bound, and what is computed in float. On a GPU micro-batches are larger, so
  /// that float sums over their rows are further off, as are a GPU's exponentials.
  ErrorBound of(at::ScalarType dtype, at::Device device) const;
};

/// For what is moved and not computed.
inline constexpr Agreement kExact = {{0, 0}, {0, 0}};

/// bfloat16 that is computed in float and rounded once: at most half a unit in the last of 8 bits,
/// 2^-8 of a value at the lower end of its binade; of a tensor's norm that over the root of 3.
inline constexpr ErrorBound kRoundedOnce = {2.3e-3, 4e-3};

/// Throws std::runtime_error, with `name` in its one line, where one of `outputs` is not what is
/// `expected` of it within `bound`. NaN is within no bound.
void require_agreement(const std::string& name, const Tensors& outputs, const Tensors& expected,
                       const ErrorBound& bound);

}  // namespace apps
