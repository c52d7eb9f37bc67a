#include "kernels/core/invertible_columns.h"

#include <algorithm>
#include <cmath>

namespace kernels {
template <class T>
std::vector<int32_t> uninvertible_columns(const T* gamma, const T* beta, int64_t columns) {
  std::vector<int32_t> result;
  for (int64_t i = 0; i < columns; ++i) {
    const float smallest = std::max(std::abs(to_float(beta[i])), kTinyGamma<T>);
    if (std::abs(to_float(gamma[i])) * kInvertibleLimit<T> < smallest) {
      result.push_back(static_cast<int32_t>(i));
    }
  }
  return result;
}

template std::vector<int32_t> uninvertible_columns(const float*, const float*, int64_t);
template std::vector<int32_t> uninvertible_columns(const bfloat16*, const bfloat16*, int64_t);
template std::vector<int32_t> uninvertible_columns(const float16*, const float16*, int64_t);

}  // namespace kernels
