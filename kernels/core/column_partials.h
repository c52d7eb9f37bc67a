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

/// On a GPU the number of row blocks follows from the shape alone, so that the bits do not depend
/// on the device: enough for some 2000 thread blocks of 256 columns, or 500 of 1024, which fill the
/// largest, but none of less than 16 rows.
inline constexpr int64_t cuda_column_blocks(int64_t rows, int64_t columns) {
  const int64_t wanted = 2048 / ((columns + 255) / 256);
  const int64_t possible = (rows + 15) / 16;
  const int64_t blocks = wanted < possible ? wanted : possible;
  return blocks > 1 ? blocks : 1;
}

/// As column_partials_size, for calls with a stream.
inline constexpr int64_t cuda_column_partials_size(int64_t rows, int64_t columns,
                                                   int64_t sums = 1) {
  return cuda_column_blocks(rows, columns) * columns * sums;
}

}  // namespace kernels
