#include "kernels/core/invertible_columns.h"

#include <algorithm>
#include <cmath>

#include "kernels/core/bfloat16.h"
#include "kernels/core/float16.h"

namespace kernels {
namespace {

/// With u the unit roundoff of T (2^-24, 2^-11, 2^-8), y = x_hat * gamma + beta is off by up to u
/// |y|, so the inverted x_hat is off by up to u (|x_hat| + |beta / gamma|) < u (|x_hat| + limit). A
/// gradient that passed through a matrix product in float carries an error of some 1e-6 of its
/// size: 17 u in float. In 16 bits every gradient is rounded by up to u: 3 u, averaged over
/// columns and rows, adds less than what is there.
template <class T>
constexpr float kLimit = 0;
template <>
constexpr float kLimit<float> = 16;
template <>
constexpr float kLimit<bfloat16> = 2;
template <>
constexpr float kLimit<float16> = 2;

/// Where beta is 0, gamma may be as small as a y that keeps its full precision allows.
template <class T>
constexpr float kTiny = 1e-30F;
template <>
constexpr float kTiny<float16> = 0x1p-14F;

}  // namespace

template <class T>
std::vector<int32_t> uninvertible_columns(const T* gamma, const T* beta, int64_t columns) {
  std::vector<int32_t> result;
  for (int64_t i = 0; i < columns; ++i) {
    const float smallest = std::max(std::abs(to_float(beta[i])), kTiny<T>);
    if (std::abs(to_float(gamma[i])) * kLimit<T> < smallest) {
      result.push_back(static_cast<int32_t>(i));
    }
  }
  return result;
}

template std::vector<int32_t> uninvertible_columns(const float*, const float*, int64_t);
template std::vector<int32_t> uninvertible_columns(const bfloat16*, const bfloat16*, int64_t);
template std::vector<int32_t> uninvertible_columns(const float16*, const float16*, int64_t);

}  // namespace kernels
