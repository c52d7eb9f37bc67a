#pragma once

// P = softmax(scale * scores + mask), dropped = dropout(P), by rows of [batch, heads, S, S]:
//   forward:   max, exp and sum, then normalise, round to T, drop
//   backward:  dP = dropout(d_dropped);  d_scores = scale * P * (dP - sum(dP * P))
// A warp handles kSoftmaxRowsAWarp neighbouring rows of a head. With kHeld > 0 a row waits in
// registers from its first reading to its last writing: bytes moved are 3 elements (2 without
// `dropped`) forward, 3 backward. With kHeld = 0 a row has any length, and is read again by each
// pass. grid (batch, heads, sequence / rows a block), block (32, kSoftmaxWarps). Arithmetic in
// float.

#include "kernels/core/dropout.cuh"
#include "kernels/core/warp.cuh"
#include "kernels/softmax_dropout/softmax_dropout.h"

namespace kernels {

inline constexpr int kSoftmaxWarps = 8;
inline constexpr int kSoftmaxRowsAWarp = 4;
inline constexpr int kSoftmaxRowsABlock = kSoftmaxWarps * kSoftmaxRowsAWarp;

/// A row of [batch, heads, sequence, sequence] and the columns in it that are attended to.
struct AttentionRow {
  int64_t b;
  int64_t row;
  int64_t offset;
  int64_t valid;
};

/// Columns that the rows of sequence b attend to.
template <class Args>
__device__ __forceinline__ int64_t attended_columns(const Args& args, int64_t b) {
  const int64_t length = args.lengths[b] < args.sequence ? args.lengths[b] : args.sequence;
  return length > 0 ? length : args.sequence;
}

/// visit(AttentionRow, DropoutKey) for the rows of this warp.
template <class Args, class Visit>
__device__ __forceinline__ void for_each_attention_row(const Args& args,
                                                       const DeviceDropout& dropout,
                                                       const Visit& visit) {
  const int64_t first = (int64_t{blockIdx.z} * kSoftmaxWarps + threadIdx.y) * kSoftmaxRowsAWarp;
  const int64_t head_offset = (blockIdx.x * args.heads + blockIdx.y) * args.sequence;
  const int64_t valid = attended_columns(args, blockIdx.x);
  const DropoutKey key = device_dropout_key(dropout, blockIdx.y);
  for (int64_t row = first; row < first + kSoftmaxRowsAWarp && row < args.sequence; ++row) {
    visit(AttentionRow{blockIdx.x, row, (head_offset + row) * args.sequence, valid}, key);
  }
}

/// The chunk at column `first` of the row that begins at `from`: 0 where nothing is attended to.
template <int kPack, class T>
__device__ __forceinline__ Chunk load_attended(const T* from, int64_t first, int64_t sequence,
                                               int64_t valid) {
  Chunk chunk = {};
  if (first < valid) chunk = load_chunk<kPack>(from + first, sequence - first);
  BENCH_UNROLL
  for (int e = 0; e < kChunkElements; ++e) {
    if (first + chunk_column<kPack>(e) >= valid) chunk.at[e] = 0;
  }
  return chunk;
}

// ---- forward

template <int kPack, int kHeld, class T>
__device__ __forceinline__ void softmax_row(const SoftmaxDropoutForward<T>& args,
                                            const AttentionRow& row, const DeviceDropout& dropout,
                                            DropoutKey key) {
  const auto for_chunks = [&](const auto& body) {
    for_each_chunk<kHeld>(args.sequence, 0, 1, body);
  };
  const auto load_scores = [&](int64_t first) {
    return load_attended<kPack>(args.scores + row.offset, first, args.sequence, row.valid);
  };
  // 1. The maximum.
  HeldChunks<kHeld> held;
  float maximum = -3.40282347e38F;
  for_chunks([&](int i, int64_t first) {
    held.at[i] = load_scores(first);
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) {
      const bool attended = first + chunk_column<kPack>(e) < row.valid;
      if (attended) maximum = fmaxf(maximum, held.at[i].at[e] * args.scale);
    }
  });
  maximum = max_of_lanes(maximum);
  // 2. Exponentials and their sum. The product is not rounded before the maximum is taken from it,
  // so that the error of a large one does not come through.
  const auto exponentials = [&](Chunk scores, int64_t first) {
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) {
      const bool attended = first + chunk_column<kPack>(e) < row.valid;
      scores.at[e] = attended ? expf(fmaf(scores.at[e], args.scale, -maximum)) : 0.0F;
    }
    return scores;
  };
  float sum = 0;
  for_chunks([&](int i, int64_t first) {
    held.at[i] = exponentials(kHeld > 0 ? held.at[i] : load_scores(first), first);
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) sum += held.at[i].at[e];
  });
  const float inverse_sum = fast_quotient(1, sum_of_lanes(sum));
  // 3. Probabilities, and what dropout leaves of them.
  for_chunks([&](int i, int64_t first) {
    Chunk p = kHeld > 0 ? held.at[i] : exponentials(load_scores(first), first);
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) p.at[e] = rounded_to<T>(p.at[e] * inverse_sum);
    store_chunk<kPack>(p, args.probabilities + row.offset + first, args.sequence - first);
    if (args.dropped == nullptr) return;
    const KeepBits bits(dropout, key, row.b, row.row, first / kChunkColumns);
    store_chunk<kPack>(dropped<kPack>(p, bits, dropout.scale), args.dropped + row.offset + first,
                       args.sequence - first);
  });
}

template <int kPack, int kHeld, class T>
__global__ void __launch_bounds__(32 * kSoftmaxWarps)
    softmax_dropout_forward_kernel(SoftmaxDropoutForward<T> args, DeviceDropout dropout) {
  for_each_attention_row(args, dropout, [&](const AttentionRow& row, DropoutKey key) {
    softmax_row<kPack, kHeld>(args, row, dropout, key);
  });
}

// ---- backward

template <int kPack, int kHeld, class T>
__device__ __forceinline__ void softmax_row_backward(const SoftmaxDropoutBackward<T>& args,
                                                     const AttentionRow& row,
                                                     const DeviceDropout& dropout, DropoutKey key) {
  const auto for_chunks = [&](const auto& body) {
    for_each_chunk<kHeld>(args.sequence, 0, 1, body);
  };
  const auto load_probabilities = [&](int64_t first) {
    return load_attended<kPack>(args.probabilities + row.offset, first, args.sequence, row.valid);
  };
  // What dropout keeps of the gradient, but for its scale.
  const auto load_kept = [&](int64_t first) {
    const Chunk gradient =
        load_attended<kPack>(args.d_dropped + row.offset, first, args.sequence, row.valid);
    return dropped<kPack>(gradient, KeepBits(dropout, key, row.b, row.row, first / kChunkColumns),
                          1);
  };
  // 1. sum(dP * P) but for dropout's scale.
  HeldChunks<kHeld> probabilities;
  HeldChunks<kHeld> kept;
  float products = 0;
  for_chunks([&](int i, int64_t first) {
    probabilities.at[i] = load_probabilities(first);
    kept.at[i] = load_kept(first);
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) {
      products = fmaf(kept.at[i].at[e], probabilities.at[i].at[e], products);
    }
  });
  const float mean = sum_of_lanes(products);
  // 2. The gradient; where nothing is attended to P is 0, and so is the gradient.
  const float scale = dropout.scale * args.scale;
  for_chunks([&](int i, int64_t first) {
    const Chunk p = kHeld > 0 ? probabilities.at[i] : load_probabilities(first);
    Chunk gradient = kHeld > 0 ? kept.at[i] : load_kept(first);
    BENCH_UNROLL
    for (int e = 0; e < kChunkElements; ++e) {
      const bool attended = first + chunk_column<kPack>(e) < row.valid;
      gradient.at[e] = attended ? p.at[e] * scale * (gradient.at[e] - mean) : 0.0F;
    }
    store_chunk<kPack>(gradient, args.d_scores + row.offset + first, args.sequence - first);
  });
}

template <int kPack, int kHeld, class T>
__global__ void __launch_bounds__(32 * kSoftmaxWarps)
    softmax_dropout_backward_kernel(SoftmaxDropoutBackward<T> args, DeviceDropout dropout) {
  for_each_attention_row(args, dropout, [&](const AttentionRow& row, DropoutKey key) {
    softmax_row_backward<kPack, kHeld>(args, row, dropout, key);
  });
}

}  // namespace kernels
