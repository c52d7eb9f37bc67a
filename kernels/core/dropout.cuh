#pragma once

// Dropout bits on a device, the same as keep() of dropout_bits.h. Sixteen neighbouring columns come
// from sixteen counters, and a counter's four words serve eight columns sixteen apart; so a warp
// makes the bits of 256 columns together, a counter a lane, and hands them to the lanes that own
// the columns by eight votes.

#include "kernels/core/chunk.cuh"
#include "kernels/core/device_dropout.h"
#include "kernels/core/philox.cuh"

namespace kernels {

struct DropoutKey {
  uint32_t key0;
  uint32_t key1;
};

/// dropout_key() of dropout_bits.h.
__device__ __forceinline__ DropoutKey device_dropout_key(const DeviceDropout& dropout,
                                                         int64_t head) {
  const int64_t* elsewhere = dropout.step_on_device;
  if (head == 0 && elsewhere == nullptr) return {dropout.key0, dropout.key1};
  const uint64_t step = elsewhere == nullptr ? dropout.step : static_cast<uint64_t>(*elsewhere);
  const PhiloxWords words =
      philox_words({{static_cast<uint32_t>(step), static_cast<uint32_t>(step >> 32), dropout.layer,
                     dropout.site | static_cast<uint32_t>(head) << 8}},
                   static_cast<uint32_t>(dropout.seed), static_cast<uint32_t>(dropout.seed >> 32));
  return {words.at[0], words.at[1]};
}

/// Bit k: whether column `column` + 16 k of a row is kept, 0 <= k < 8, for column % 128 < 16. They
/// come from one counter. `sequence` counts from the stream's first.
__device__ __forceinline__ uint32_t keep_bits_of_counter(const DeviceDropout& dropout,
                                                         DropoutKey key, int64_t sequence,
                                                         int64_t row, int64_t column) {
  if (dropout.threshold == 0) return 0xff;
  const uint64_t index = dropout.first_sequence + static_cast<uint64_t>(sequence);
  const PhiloxWords words = philox_words(
      {{static_cast<uint32_t>(column / 128 * 16 + column % 16), static_cast<uint32_t>(row),
        static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32)}},
      key.key0, key.key1);
  uint32_t bits = 0;
  BENCH_UNROLL
  for (int k = 0; k < 8; ++k) {
    const uint32_t uniform = words.at[k / 2] >> (k % 2 * 16) & 0xffff;
    bits |= static_cast<uint32_t>(uniform >= dropout.threshold) << k;
  }
  return bits;
}

/// Which columns of one chunk of a row are kept.
class KeepBits {
 public:
  /// All lanes of the warp call it with the same arguments; lane = threadIdx.x. `sequence` counts
  /// from the stream's first, `chunk` from column 0.
  __device__ __forceinline__ KeepBits(const DeviceDropout& dropout, DropoutKey key,
                                      int64_t sequence, int64_t row, int64_t chunk) {
    if (dropout.threshold == 0) {
      BENCH_UNROLL
      for (int k = 0; k < 8; ++k) kept_[k] = 0xffffffff;
      return;
    }
    const uint64_t index = dropout.first_sequence + static_cast<uint64_t>(sequence);
    const PhiloxWords words =
        philox_words({{static_cast<uint32_t>(chunk) * 32 + threadIdx.x, static_cast<uint32_t>(row),
                       static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32)}},
                     key.key0, key.key1);
    BENCH_UNROLL
    for (int k = 0; k < 8; ++k) {
      const uint32_t uniform = words.at[k / 2] >> (k % 2 * 16) & 0xffff;
      kept_[k] = __ballot_sync(0xffffffff, uniform >= dropout.threshold);
    }
  }

  /// Bit i: whether column `column` + i of the chunk is kept, for as many columns as do not cross a
  /// multiple of 16.
  __device__ __forceinline__ uint32_t from(int column) const {
    const int k = column / 16 % 8;
    // A register cannot be picked by a number: pick by its bits.
    const uint32_t even = k & 2 ? (k & 4 ? kept_[6] : kept_[2]) : (k & 4 ? kept_[4] : kept_[0]);
    const uint32_t odd = k & 2 ? (k & 4 ? kept_[7] : kept_[3]) : (k & 4 ? kept_[5] : kept_[1]);
    return (k & 1 ? odd : even) >> (column / 128 * 16 + column % 16);
  }

 private:
  uint32_t kept_[8];
};

/// The elements that are kept, times `scale`, and 0.
template <int kPack>
__device__ __forceinline__ Chunk dropped(const Chunk& chunk, const KeepBits& bits, float scale) {
  Chunk result;
  BENCH_UNROLL
  for (int pack = 0; pack < kChunkElements; pack += kPack) {
    const uint32_t kept = bits.from(chunk_column<kPack>(pack));
    BENCH_UNROLL
    for (int i = 0; i < kPack; ++i) {
      result.at[pack + i] = kept >> i & 1 ? chunk.at[pack + i] * scale : 0.0F;
    }
  }
  return result;
}

}  // namespace kernels
