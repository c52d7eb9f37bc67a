#pragma once

#include <cstdint>
#include <vector>

#include "kernels/core/bfloat16.h"
#include "kernels/core/float16.h"

namespace kernels {

/// LayerNorm's input from its output is x_hat = (y - beta) / gamma, which loses all accuracy where
/// |gamma| is small beside |beta| or is 0. normalize_invertible therefore keeps x_hat itself for
/// those columns, [rows, columns.size()], and inverts the others.
struct InvertibleColumns {
  const int32_t* columns = nullptr;  ///< ascending column numbers whose x_hat is kept
  int64_t count = 0;
  void* x_hat = nullptr;  ///< [rows, count], float
  /// CUDA: where the device's memory has how many of the `count` are meant, the first ones, if the
  /// host does not know; null: all are.
  const int32_t* found = nullptr;
};

// A column cannot be inverted where |gamma| * limit < max(|beta|, tiny).

/// With u the unit roundoff of T (2^-24, 2^-11, 2^-8), y = x_hat * gamma + beta is off by up to u
/// |y|, so the inverted x_hat is off by up to u (|x_hat| + |beta / gamma|) < u (|x_hat| + limit). A
/// gradient that passed through a matrix product in float carries an error of some 1e-6 of its
/// size: 17 u in float. In 16 bits every gradient is rounded by up to u: 3 u, averaged over
/// columns and rows, adds less than what is there.
template <class T>
inline constexpr float kInvertibleLimit = 0;
template <>
inline constexpr float kInvertibleLimit<float> = 16;
template <>
inline constexpr float kInvertibleLimit<bfloat16> = 2;
template <>
inline constexpr float kInvertibleLimit<float16> = 2;

/// Where beta is 0, gamma may be as small as a y that keeps its full precision allows.
template <class T>
inline constexpr float kTinyGamma = 1e-30F;
template <>
inline constexpr float kTinyGamma<float16> = 0x1p-14F;

/// Columns whose inversion would amplify the rounding error of y beyond what the dtype's tolerance
/// allows.
template <class T>
std::vector<int32_t> uninvertible_columns(const T* gamma, const T* beta, int64_t columns);

}  // namespace kernels
