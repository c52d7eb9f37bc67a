#pragma once

#include <cstdint>
#include <vector>

#include "kernels/core/invertible_columns.h"
#include "tests/kernels/support/guarded.h"

namespace kernels::testing {

/// The columns that cannot be inverted, with guarded room for their x_hat; none if not `inverted`,
/// or in double, where there is no such limit.
class KeptColumns {
 public:
  template <class T>
  KeptColumns(int64_t rows, bool inverted, const std::vector<T>& gamma, const std::vector<T>& beta)
      : columns_(find(inverted, gamma, beta)),
        x_hat_(rows * static_cast<int64_t>(columns_.size())) {}

  InvertibleColumns view() {
    return {columns_.data(), static_cast<int64_t>(columns_.size()), x_hat_.data()};
  }

  bool intact() const { return x_hat_.intact(); }

 private:
  template <class T>
  static std::vector<int32_t> find(bool inverted, const std::vector<T>& gamma,
                                   const std::vector<T>& beta) {
    if constexpr (sizeof(T) != sizeof(double)) {
      if (inverted) {
        return uninvertible_columns(gamma.data(), beta.data(), static_cast<int64_t>(gamma.size()));
      }
    }
    return {};
  }

  std::vector<int32_t> columns_;
  Guarded<float> x_hat_;
};

/// Sets some of gamma to 0 and to values that are small in various ways.
template <class T>
void spoil_gamma(std::vector<T>& gamma) {
  const double small[] = {0, 1e-3, -1e-6, 1e-20, -1e-38, 0.05};
  for (size_t i = 0; i < gamma.size(); i += 3) gamma[i] = from_double<T>(small[i / 3 % 6]);
}

}  // namespace kernels::testing
