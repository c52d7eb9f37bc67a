#pragma once

// Attention by multiplications one at a time: for float, for head sizes that tensor cores do not
// take, and for devices without them. A thread block of (32, kPlainWarps) goes through its own rows
// some at a time, a warp kRowsAWarp of them, and over the rows on the other side 32 at a time, a
// lane one of them. What is multiplied lies in shared memory as float.

#include "kernels/core/warp.cuh"
#include "kernels/flash_attention/attention_block.cuh"
#include "kernels/flash_attention/dropout_tile.cuh"

namespace kernels {

inline constexpr int kPlainWarps = 4;
inline constexpr int kPlainThreads = 32 * kPlainWarps;
inline constexpr int kOtherRows = 32;

/// For head_dim <= 32 kLaneColumns: a lane sums up kLaneColumns columns of each row of its warp.
template <int kLaneColumns>
struct PlainShape {
  static constexpr int kColumns = 32 * kLaneColumns;
  static constexpr int kRowsAWarp = 16 / kLaneColumns;
  static constexpr int kRows = kPlainWarps * kRowsAWarp;
  /// Floats of a row in shared memory: lanes that read four columns of neighbouring rows meet no
  /// bank twice.
  static constexpr int kPitch = kColumns + 4;
  /// Bytes of dynamic shared memory: `own` tiles of own rows, one of others, and weights.
  static constexpr size_t bytes(int own) {
    return ((own * kRows + kOtherRows) * kPitch + kRows * kOtherRows) * sizeof(float);
  }
};

/// The parts of dynamic shared memory.
template <int kLaneColumns>
struct PlainTiles {
  using Shape = PlainShape<kLaneColumns>;

  float* first = static_cast<float*>(dynamic_shared());

  __device__ __forceinline__ float* weights() const { return first; }
  __device__ __forceinline__ float* other() const { return first + Shape::kRows * kOtherRows; }
  __device__ __forceinline__ float* own(int which) const {
    return other() + (kOtherRows + which * Shape::kRows) * Shape::kPitch;
  }
};

/// A number for each row of a warp.
template <int kLaneColumns>
struct PlainRow {
  float at[PlainShape<kLaneColumns>::kRowsAWarp] = {};
};

/// Columns lane, + 32, ... of each row of a warp.
template <int kLaneColumns>
struct PlainSums {
  float at[PlainShape<kLaneColumns>::kRowsAWarp][kLaneColumns] = {};
};

/// The warp's first own row in a tile.
template <int kLaneColumns>
__device__ __forceinline__ int plain_row() {
  return static_cast<int>(threadIdx.y) * PlainShape<kLaneColumns>::kRowsAWarp;
}

/// Rows [first, first + kCount) into a tile, with `bias` added and rounded to T; zeros from row
/// `end` and column head_dim on.
template <int kLaneColumns, int kCount, class T>
__device__ __forceinline__ void read_rows(float* tile, const HeadRows<const T>& from, const T* bias,
                                          int first, int end, int head_dim) {
  using Shape = PlainShape<kLaneColumns>;
  const int lane = static_cast<int>(threadIdx.x);
  for (int row = static_cast<int>(threadIdx.y); row < kCount; row += kPlainWarps) {
    const T* source = from.row(first + row);
    for (int column = lane; column < Shape::kColumns; column += 32) {
      float value = 0;
      if (first + row < end && column < head_dim) {
        value = widen(source[column]);
        if (bias != nullptr) value = rounded_to<T>(value + widen(bias[column]));
      }
      tile[row * Shape::kPitch + column] = value;
    }
  }
}

/// Of q (part 0), k (1) or v (2) with its bias, for `Args` forward or backward.
template <int kLaneColumns, int kCount, class Args>
__device__ __forceinline__ void read_qkv_rows(float* tile, const Args& args,
                                              const AttentionBlock& block, int part, int first,
                                              int end) {
  read_rows<kLaneColumns, kCount>(tile, qkv_rows(args.qkv, args.rows, block, part),
                                  qkv_bias(args.bias, args.rows, block, part), first, end,
                                  block.head_dim);
}

/// Products of the warp's own rows with the lane's row of the other tile.
template <int kLaneColumns>
__device__ __forceinline__ PlainRow<kLaneColumns> multiply_plain_rows(const float* own,
                                                                      const float* other,
                                                                      int head_dim) {
  using Shape = PlainShape<kLaneColumns>;
  const float* mine = other + static_cast<int>(threadIdx.x) * Shape::kPitch;
  const float* rows = own + plain_row<kLaneColumns>() * Shape::kPitch;
  PlainRow<kLaneColumns> products;
  for (int column = 0; column < head_dim; column += 4) {
    const FloatPack<4> a = load<4>(mine + column);
    BENCH_UNROLL
    for (int r = 0; r < Shape::kRowsAWarp; ++r) {
      const FloatPack<4> b = load<4>(rows + r * Shape::kPitch + column);
      BENCH_UNROLL
      for (int i = 0; i < 4; ++i) products.at[r] = fmaf(a.at[i], b.at[i], products.at[r]);
    }
  }
  return products;
}

/// The lane's numbers to where accumulate_plain_rows takes them from.
template <int kLaneColumns>
__device__ __forceinline__ void store_weights(float* weights, const PlainRow<kLaneColumns>& mine) {
  __syncwarp();
  BENCH_UNROLL
  for (int r = 0; r < PlainShape<kLaneColumns>::kRowsAWarp; ++r) {
    weights[(plain_row<kLaneColumns>() + r) * kOtherRows + static_cast<int>(threadIdx.x)] =
        mine.at[r];
  }
  __syncwarp();
}

/// sums += weights * the rows of the other tile.
template <int kLaneColumns>
__device__ __forceinline__ void accumulate_plain_rows(PlainSums<kLaneColumns>& sums,
                                                      const float* weights, const float* other) {
  using Shape = PlainShape<kLaneColumns>;
  const float* row = weights + plain_row<kLaneColumns>() * kOtherRows;
  const float* mine = other + static_cast<int>(threadIdx.x);
  for (int from = 0; from < kOtherRows; from += 4) {
    FloatPack<4> factors[Shape::kRowsAWarp];
    BENCH_UNROLL
    for (int r = 0; r < Shape::kRowsAWarp; ++r) factors[r] = load<4>(row + r * kOtherRows + from);
    BENCH_UNROLL
    for (int i = 0; i < 4; ++i) {
      BENCH_UNROLL
      for (int c = 0; c < kLaneColumns; ++c) {
        const float value = mine[(from + i) * Shape::kPitch + 32 * c];
        BENCH_UNROLL
        for (int r = 0; r < Shape::kRowsAWarp; ++r) {
          sums.at[r][c] = fmaf(factors[r].at[i], value, sums.at[r][c]);
        }
      }
    }
  }
}

/// Writes the warp's rows times their factors as rows from `first` on, up to `end`.
template <int kLaneColumns, class T>
__device__ __forceinline__ void store_plain_rows(const PlainSums<kLaneColumns>& sums,
                                                 const PlainRow<kLaneColumns>& factors,
                                                 const HeadRows<T>& to, int first, int end,
                                                 int head_dim) {
  BENCH_UNROLL
  for (int r = 0; r < PlainShape<kLaneColumns>::kRowsAWarp; ++r) {
    if (first + r >= end) break;
    BENCH_UNROLL
    for (int c = 0; c < kLaneColumns; ++c) {
      const int column = static_cast<int>(threadIdx.x) + 32 * c;
      if (column < head_dim) to.row(first + r)[column] = narrow<T>(sums.at[r][c] * factors.at[r]);
    }
  }
}

/// Column sums of all that a block stores, in order.
template <int kLaneColumns>
class PlainColumnSums {
 public:
  __device__ __forceinline__ void add(const PlainSums<kLaneColumns>& sums, float factor) {
    BENCH_UNROLL
    for (int c = 0; c < kLaneColumns; ++c) {
      BENCH_UNROLL
      for (int r = 0; r < PlainShape<kLaneColumns>::kRowsAWarp; ++r) {
        mine_[c] = fmaf(sums.at[r][c], factor, mine_[c]);
      }
    }
  }

  /// To `to`, through shared memory for [kPlainWarps][kColumns]. All threads of the block call it.
  __device__ __forceinline__ void store(float* of_warps, float* to, int head_dim) const {
    constexpr int kColumns = PlainShape<kLaneColumns>::kColumns;
    const int thread = static_cast<int>(threadIdx.y * 32 + threadIdx.x);
    __syncthreads();
    BENCH_UNROLL
    for (int c = 0; c < kLaneColumns; ++c) {
      of_warps[static_cast<int>(threadIdx.y) * kColumns + static_cast<int>(threadIdx.x) + 32 * c] =
          mine_[c];
    }
    __syncthreads();
    for (int column = thread; column < head_dim; column += kPlainThreads) {
      float total = 0;
      for (int warp = 0; warp < kPlainWarps; ++warp) total += of_warps[warp * kColumns + column];
      to[column] = total;
    }
  }

 private:
  float mine_[kLaneColumns] = {};
};

}  // namespace kernels
