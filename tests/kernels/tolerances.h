#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include "kernels/core/bfloat16.h"
#include "kernels/core/float16.h"

namespace kernels::testing {

/// |value - expected| <= relative * |expected| + of_largest * largest |expected| of the tensor
///                       + absolute.
struct Tolerance {
  double relative;
  double of_largest;
  double absolute = 0;
};

/// Where an error comes from, and so how large it may be.
enum class Kind {
  kCopied,      ///< values are moved or dropped, not computed: exact
  kElement,     ///< one element function, one rounding to T
  kTwice,       ///< rounded to T twice (a rounded intermediate, then the result)
  kNormalized,  ///< LayerNorm of exact inputs, one rounding to T
  kInverted,    ///< from x_hat that was inverted out of a rounded y (core/invertible_columns.cpp)
  kRowReduced,  ///< depends on a sum over its row (softmax, LayerNorm) of rounded values
};

/// Unit roundoff u: 2^-24 = 6e-8 (float), 2^-11 = 5e-4 (float16), 2^-8 = 4e-3 (bfloat16).
template <class T>
inline constexpr double kRoundoff = std::is_same_v<T, float>     ? 0x1p-24
                                    : std::is_same_v<T, float16> ? 0x1p-11
                                                                 : 0x1p-8;

/// Half the distance of float16's smallest values, which are rounded to it whatever they are.
template <class T>
inline constexpr double kSmallest = std::is_same_v<T, float16> ? 0x1p-25 : 0;

///
/// float:    element functions are within a few ulp: 1e-6 of the value, and 3e-7 of the largest
///           where terms of its size cancel. Row sums add some 100 to 1000 terms in several
///           accumulators: 2e-6 of the largest.
/// float16,
/// bfloat16: arithmetic is in float, so the error is that of the roundings: u for one, 2 u for two.
///           LayerNorm and softmax gradients multiply rounded intermediates and cancel: 2 u of the
///           value and u of the largest.
template <class T>
constexpr Tolerance tolerance(Kind kind) {
  const bool is_float = sizeof(T) == sizeof(float);
  constexpr double u = kRoundoff<T>;
  constexpr double smallest = kSmallest<T>;
  switch (kind) {
    case Kind::kCopied:
      return {0, 0};
    case Kind::kElement:
      return is_float ? Tolerance{1e-6, 3e-7} : Tolerance{u, 1e-6, smallest};
    case Kind::kTwice:
      return is_float ? Tolerance{1e-6, 3e-7} : Tolerance{2 * u, 1e-6, 2 * smallest};
    case Kind::kNormalized:
      return is_float ? Tolerance{2e-6, 2e-6} : Tolerance{u, 1e-5, smallest};
    case Kind::kInverted:
      return is_float ? Tolerance{2e-6, 4e-6} : Tolerance{2 * u, 2 * u, 2 * smallest};
    case Kind::kRowReduced:
      return is_float ? Tolerance{2e-6, 2e-6} : Tolerance{2 * u, u, 2 * smallest};
  }
  return {0, 0};
}

/// A sum over `rows` rows of terms up to `largest_term`, which may cancel: their errors (u of each
/// term in 16 bits, the additions' in float) have both signs, so they grow as the root of `rows`.
template <class T>
Tolerance column_sum_tolerance(int64_t rows, double largest_term) {
  const double error = sizeof(T) == sizeof(float) ? 1e-6 : kRoundoff<T>;
  return {error, 0, error * std::sqrt(static_cast<double>(rows)) * largest_term};
}

}  // namespace kernels::testing
