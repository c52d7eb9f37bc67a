#pragma once

// Host code around column_sums.cuh, and what else launchers share.

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

#include "kernels/core/column_partials.h"
#include "kernels/core/column_sums.cuh"
#include "kernels/core/launch.h"

namespace kernels {

inline uint32_t blocks_of(int64_t items, int64_t items_a_block) {
  return static_cast<uint32_t>((items + items_a_block - 1) / items_a_block);
}

/// Column tiles by `row_blocks` (column_sums.cuh).
inline LaunchShape tile_shape(int64_t columns, int64_t row_blocks) {
  constexpr int64_t kMostBlocks = 65535;
  return {
      {blocks_of(columns, kChunkColumns), static_cast<uint32_t>(std::min(row_blocks, kMostBlocks))},
      {32, kTileWarps}};
}

/// run(ColumnPartials, row blocks) adds into partial rows over `rows` > 0 rows; then the totals go
/// to `outputs`. `partials`: cuda_column_partials_size(rows, columns, kOutputs) floats.
template <class T, size_t kOutputs, class Run>
void sum_columns_cuda(const std::array<T*, kOutputs>& outputs, int64_t rows, int64_t columns,
                      float* partials, bool stochastic, CudaStream stream, const Run& run) {
  const int64_t width = columns * static_cast<int64_t>(kOutputs);
  const int64_t blocks = rows == 0 ? 0 : cuda_column_blocks(rows, columns);
  if (stochastic) zero_async(partials, static_cast<size_t>(width) * sizeof(float), stream);
  if (rows > 0) run(ColumnPartials{partials, width, stochastic}, blocks);
  ColumnTotals<T, static_cast<int>(kOutputs)> totals = {
      {}, partials, stochastic ? 1 : blocks, columns};
  std::copy(outputs.begin(), outputs.end(), totals.outputs);
  launch<column_totals_kernel<T, static_cast<int>(kOutputs)>>(
      {{blocks_of(columns, 32), static_cast<uint32_t>(kOutputs)}, {32, kTileWarps}}, stream,
      totals);
}

/// Whether accesses of `pack` elements of T reach rows of `columns` at these addresses.
template <class T>
bool packs_fit(int64_t columns, std::initializer_list<const void*> addresses) {
  constexpr size_t kBytes = 16;
  if (columns % static_cast<int64_t>(kBytes / sizeof(T)) != 0) return false;
  return std::all_of(addresses.begin(), addresses.end(), [](const void* address) {
    return reinterpret_cast<uintptr_t>(address) % kBytes == 0;
  });
}

}  // namespace kernels
