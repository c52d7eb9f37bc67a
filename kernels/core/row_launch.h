#pragma once

// Host code around row_chunks.cuh.

#include <algorithm>
#include <cstdint>

#include "kernels/core/column_launch.h"
#include "kernels/core/row_chunks.cuh"

namespace kernels {

/// A kernel's form: elements a memory access moves, chunks a warp holds in registers.
template <int kPack, int kHeld>
struct RowForm {};

/// Calls run(RowForm) with the fastest form for rows of `columns`; `packed` is packs_fit's.
template <class T, class Run>
void with_row_form(int64_t columns, bool packed, const Run& run) {
  constexpr int kHeld = 1;
  if (!packed) {
    run(RowForm<1, 0>());
  } else if (columns <= kHeld * kRowWarps * kChunkColumns) {
    run(RowForm<kWidestPack<T>, kHeld>());
  } else {
    run(RowForm<kWidestPack<T>, 0>());
  }
}

/// A block for each row block.
inline LaunchShape row_blocks_shape(int64_t row_blocks) {
  return {{static_cast<uint32_t>(row_blocks)}, {32, kRowWarps}};
}

/// For blocks that take turns at the rows: as many as the largest device runs at a time.
inline LaunchShape rows_shape(int64_t rows) {
  constexpr int64_t kEnough = 2048;
  return row_blocks_shape(std::min(rows, kEnough));
}

}  // namespace kernels
