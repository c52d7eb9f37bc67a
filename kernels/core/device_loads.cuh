#pragma once

// The kernels of device_loads.h.

#include "kernels/core/device_loads.h"
#include "kernels/core/philox.cuh"
#include "kernels/core/vector.cuh"

namespace kernels {

// ---- multiply-adds. grid (blocks), block (kMultiplyAddThreads). A device starts one of a thread's
// chains while the others are under way; no two begin alike, or the compiler would make them one. A
// loop's round is long, because its counter takes turns with the multiply-adds.

__global__ void __launch_bounds__(kMultiplyAddThreads, 8)
    multiply_add_kernel(float* sums, int64_t rounds, float factor, float term) {
  constexpr int kSteps = static_cast<int>(kMultiplyAddsARound) / kMultiplyAddChains;
  float chains[kMultiplyAddChains];
  BENCH_UNROLL
  for (int i = 0; i < kMultiplyAddChains; ++i) chains[i] = static_cast<float>(i);
  for (int64_t round = 0; round < rounds; ++round) {
    BENCH_UNROLL
    for (int step = 0; step < kSteps; ++step) {
      BENCH_UNROLL
      for (int i = 0; i < kMultiplyAddChains; ++i) chains[i] = fmaf(chains[i], factor, term);
    }
  }
  float sum = 0;
  BENCH_UNROLL
  for (int i = 0; i < kMultiplyAddChains; ++i) sum += chains[i];
  sums[int64_t{blockIdx.x} * kMultiplyAddThreads + threadIdx.x] = sum;
}

// ---- copies. grid (packs / (threads * packs a thread)), block (kCopyThreads). A thread's loads
// are all under way before the first store waits for one.

inline constexpr int kCopyThreads = 256;
inline constexpr int kCopyPacksAThread = 4;
inline constexpr int64_t kCopyPackBytes = 16;

__global__ void __launch_bounds__(kCopyThreads)
    copy_packs_kernel(void* to, const void* from, int64_t packs) {
  const int64_t first =
      int64_t{blockIdx.x} * kCopyThreads * kCopyPacksAThread + int64_t{threadIdx.x};
  Words<4> words[kCopyPacksAThread];
  BENCH_UNROLL
  for (int i = 0; i < kCopyPacksAThread; ++i) {
    const int64_t pack = first + int64_t{i} * kCopyThreads;
    if (pack < packs) {
      words[i] = load_words<4>(static_cast<const unsigned char*>(from) + pack * kCopyPackBytes);
    }
  }
  BENCH_UNROLL
  for (int i = 0; i < kCopyPacksAThread; ++i) {
    const int64_t pack = first + int64_t{i} * kCopyThreads;
    if (pack < packs) {
      store_words(words[i], static_cast<unsigned char*>(to) + pack * kCopyPackBytes);
    }
  }
}

// ---- values. grid (count / (threads * 4)), block (kFillThreads). Four values a thread, the words
// of one Philox counter.

inline constexpr int kFillThreads = 256;
inline constexpr int kFillValuesAThread = 4;

template <class T>
__global__ void __launch_bounds__(kFillThreads) fill_uniform_kernel(T* values, int64_t count) {
  const int64_t counter = int64_t{blockIdx.x} * kFillThreads + threadIdx.x;
  const PhiloxWords words = philox_words(
      {{static_cast<uint32_t>(counter), static_cast<uint32_t>(counter >> 32), 0, 0}}, 0, 0);
  BENCH_UNROLL
  for (int i = 0; i < kFillValuesAThread; ++i) {
    const int64_t at = counter * kFillValuesAThread + i;
    const auto value = static_cast<float>(static_cast<int32_t>(words.at[i])) * 0x1p-31F;
    if (at < count) values[at] = narrow<T>(value);
  }
}

}  // namespace kernels
