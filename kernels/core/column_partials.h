#pragma once

#include <cstdint>

namespace kernels {

/// Column sums over rows (bias, gamma and beta gradients) go through this many row blocks, whatever
/// the number of threads: each block sums its rows in order into its own partial row, then the
/// partial rows are added in order. The bits do not depend on the number of threads.
inline constexpr int64_t kColumnBlocks = 16;

/// Floats of workspace that `sums` column sums over `columns` columns need.
inline constexpr int64_t column_partials_size(int64_t columns, int64_t sums = 1) {
  return kColumnBlocks * columns * sums;
}

}  // namespace kernels
