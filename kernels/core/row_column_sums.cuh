#pragma once

// Column sums in a kernel that handles whole rows (row_chunks.cuh): each thread adds up its own
// columns over the rows of its block, in registers or, for rows that are not held, in the block's
// partial row itself. blockIdx.x is the row block.

#include "kernels/core/column_sums.cuh"
#include "kernels/core/row_chunks.cuh"

namespace kernels {

template <int kPack, int kHeld, int kSums>
class RowColumnSums {
 public:
  __device__ __forceinline__ RowColumnSums(const ColumnPartials& partials, int64_t columns)
      : partials_(partials), columns_(columns) {
    if constexpr (kHeld == 0) {
      for_each_place([&](int /*i*/, int /*sum*/, int /*element*/, float* place) { *place = 0; });
    }
  }

  /// Adds to sum `sum` of this lane's columns of the chunk held as number i, from `first` on.
  __device__ __forceinline__ void add(int sum, int i, int64_t first, const Chunk& terms) {
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) {
      if constexpr (kHeld > 0) {
        totals_[i][sum][e] += terms.at[e];
      } else {
        const int64_t column = first + chunk_column<kPack>(e);
        if (column < columns_) *place(sum, column) += terms.at[e];
      }
    }
  }

  /// Writes what was added, or with `stochastic` adds it to what other blocks have.
  __device__ __forceinline__ void finish() {
    if constexpr (kHeld > 0) {
      for_each_place([&](int i, int sum, int element, float* place) {
        if (partials_.stochastic) {
          atomicAdd(place, totals_[i][sum][element]);
        } else {
          *place = totals_[i][sum][element];
        }
      });
    }
  }

 private:
  __device__ __forceinline__ float* place(int sum, int64_t column) const {
    const int64_t row = partials_.stochastic ? 0 : int64_t{blockIdx.x};
    return partials_.first + row * partials_.width + sum * columns_ + column;
  }

  template <class Visit>
  __device__ __forceinline__ void for_each_place(const Visit& visit) const {
    for_each_chunk<kHeld>(columns_, [&](int i, int64_t first) {
      BENCH_UNROLL
      for (int sum = 0; sum < kSums; ++sum) {
        BENCH_UNROLL
        for (int e = 0; e < kChunkElements; ++e) {
          const int64_t column = first + chunk_column<kPack>(e);
          if (column < columns_) visit(i, sum, e, place(sum, column));
        }
      }
    });
  }

  ColumnPartials partials_;
  int64_t columns_;
  float totals_[kHeld > 0 ? kHeld : 1][kSums][kChunkElements] = {};
};

}  // namespace kernels
