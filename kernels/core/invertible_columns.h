#pragma once

#include <cstdint>
#include <vector>

namespace kernels {

/// LayerNorm's input from its output is x_hat = (y - beta) / gamma, which loses all accuracy where
/// |gamma| is small beside |beta| or is 0. normalize_invertible therefore keeps x_hat itself for
/// those columns, [rows, columns.size()], and inverts the others.
struct InvertibleColumns {
  const int32_t* columns = nullptr;  ///< ascending column numbers whose x_hat is kept
  int64_t count = 0;
  void* x_hat = nullptr;  ///< [rows, count], float
};

/// Columns whose inversion would amplify the rounding error of y beyond what the dtype's tolerance
/// allows: |gamma| * limit < max(|beta|, tiny). `limit` is a constant of T, stated in the source.
template <class T>
std::vector<int32_t> uninvertible_columns(const T* gamma, const T* beta, int64_t columns);

}  // namespace kernels
