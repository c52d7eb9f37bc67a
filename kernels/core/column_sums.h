#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>

#include "kernels/core/bfloat16.h"
#include "kernels/core/column_partials.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"

namespace kernels {

/// Partial sums to be added in order: `count` rows of the workspace's width.
struct PartialRows {
  float* first;
  int64_t count;
};

/// Runs body(RowBlock) over [0, rows) in at most kColumnBlocks fixed blocks; each adds into a
/// zeroed `partial` of `width` floats of its own. The blocks depend on `rows` alone.
template <class Body>
PartialRows accumulate_column_blocks(int64_t rows, int64_t width, float* partials,
                                     const Body& body) {
  const int64_t blocks = std::min(kColumnBlocks, rows);
  if (blocks == 0) return {partials, 0};
  parallel_for(blocks, rows / blocks * width, [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      float* partial = partials + block * width;
      std::fill_n(partial, width, 0.0F);
      body(RowBlock{rows * block / blocks, rows * (block + 1) / blocks, partial});
    }
  });
  return {partials, blocks};
}

/// stochastic_mode: threads take blocks as they come, and add their partial rows as they finish.
template <class Body>
PartialRows accumulate_columns_in_any_order(int64_t rows, int64_t width, float* partials,
                                            const Body& body) {
  const int64_t blocks = std::min(4 * kColumnBlocks, rows);
  if (blocks == 0) return {partials, 0};
  const int threads = std::min(threads_for(rows * width), static_cast<int>(kColumnBlocks));
  float* total = nullptr;
#pragma omp parallel num_threads(threads)
  {
    float* partial = partials + omp_get_thread_num() * width;
    std::fill_n(partial, width, 0.0F);
#pragma omp for schedule(dynamic) nowait
    for (int64_t block = 0; block < blocks; ++block) {
      body(RowBlock{rows * block / blocks, rows * (block + 1) / blocks, partial});
    }
#pragma omp critical(bench_sweep_column_sums)
    {
      if (total == nullptr) {
        total = partial;
      } else {
        std::transform(partial, partial + width, total, total, std::plus<>());
      }
    }
  }
  return {total, 1};
}

/// output[c] = sum over the partial rows, in order, of element first_column + c, for c in
/// [begin, end). Uses the first partial row for the totals.
template <class T>
void store_column_sums(T* output, const PartialRows& sums, int64_t first_column, int64_t width,
                       int64_t begin, int64_t end) {
  if (sums.count == 0) {
    std::fill(output + begin, output + end, T{});
    return;
  }
  float* total = sums.first + first_column;
  for (int64_t row = 1; row < sums.count; ++row) {
    const float* partial = total + row * width;
#pragma omp simd
    for (int64_t column = begin; column < end; ++column) total[column] += partial[column];
  }
  std::transform(total + begin, total + end, output + begin, from_float<T>);
}

/// Column sums of an operator's backward pass. body(RowBlock) handles the block's rows and adds
/// what belongs to output i, column c to partial[i * columns + c]; then outputs[i][c] gets the
/// total. `partials`: column_partials_size(columns, kOutputs) floats.
template <class T, size_t kOutputs, class Body>
void sum_columns(const std::array<T*, kOutputs>& outputs, int64_t rows, int64_t columns,
                 float* partials, bool stochastic, const Body& body) {
  const int64_t width = columns * static_cast<int64_t>(kOutputs);
  const PartialRows sums = stochastic ? accumulate_columns_in_any_order(rows, width, partials, body)
                                      : accumulate_column_blocks(rows, width, partials, body);
  parallel_for(
      columns, sums.count * static_cast<int64_t>(kOutputs), [&](int64_t begin, int64_t end) {
        for (size_t i = 0; i < kOutputs; ++i) {
          store_column_sums(outputs[i], sums, static_cast<int64_t>(i) * columns, width, begin, end);
        }
      });
}

}  // namespace kernels
