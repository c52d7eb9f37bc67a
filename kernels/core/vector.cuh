#pragma once

// Neighbouring elements, moved by one access of up to 16 bytes and computed with in float.

#include "kernels/core/device.cuh"

namespace kernels {

/// Elements of T in 16 bytes, the widest access of a device.
template <class T>
inline constexpr int kWidestPack = 16 / static_cast<int>(sizeof(T));

template <int kCount>
struct FloatPack {
  float at[kCount];
};

/// 32-bit words as memory accesses move them.
template <int kCount>
struct Words {
  uint32_t at[kCount];
};

template <int kCount>
__device__ __forceinline__ Words<kCount> load_words(const void* from) {
  static_assert(kCount == 1 || kCount == 2 || kCount == 4);
  require_aligned(from, kCount * sizeof(uint32_t));
  if constexpr (kCount == 1) {
    return {{*static_cast<const uint32_t*>(from)}};
  } else if constexpr (kCount == 2) {
    const uint2 words = *static_cast<const uint2*>(from);
    return {{words.x, words.y}};
  } else {
    const uint4 words = *static_cast<const uint4*>(from);
    return {{words.x, words.y, words.z, words.w}};
  }
}

template <int kCount>
__device__ __forceinline__ void store_words(const Words<kCount>& words, void* to) {
  static_assert(kCount == 1 || kCount == 2 || kCount == 4);
  require_aligned(to, kCount * sizeof(uint32_t));
  if constexpr (kCount == 1) {
    *static_cast<uint32_t*>(to) = words.at[0];
  } else if constexpr (kCount == 2) {
    *static_cast<uint2*>(to) = {words.at[0], words.at[1]};
  } else {
    *static_cast<uint4*>(to) = {words.at[0], words.at[1], words.at[2], words.at[3]};
  }
}

/// `from` is aligned to the kCount elements; one element, to itself.
template <int kCount, class T>
__device__ __forceinline__ FloatPack<kCount> load(const T* from) {
  FloatPack<kCount> result;
  if constexpr (kCount == 1) {
    result.at[0] = widen(*from);
  } else {
    constexpr int kPerWord = sizeof(uint32_t) / sizeof(T);
    const auto words = load_words<kCount / kPerWord>(from);
    BENCH_UNROLL
    for (int i = 0; i < kCount; ++i) {
      result.at[i] = widen(element_of_word<T>(words.at[i / kPerWord], i % kPerWord));
    }
  }
  return result;
}

/// Rounds to T. `to` is aligned as for load.
template <int kCount, class T>
__device__ __forceinline__ void store(const FloatPack<kCount>& values, T* to) {
  if constexpr (kCount == 1) {
    *to = narrow<T>(values.at[0]);
  } else {
    constexpr int kPerWord = sizeof(uint32_t) / sizeof(T);
    Words<kCount / kPerWord> words;
    BENCH_UNROLL
    for (int i = 0; i < kCount / kPerWord; ++i) {
      words.at[i] = word_of_elements<T>(values.at + i * kPerWord);
    }
    store_words(words, to);
  }
}

/// What `value` is after it has been stored as a T.
template <class T>
__device__ __forceinline__ float rounded_to(float value) {
  return widen(narrow<T>(value));
}

/// kCount 16-bit values as they are, of any type.
template <int kCount>
__device__ __forceinline__ void load_halves(const void* from, uint16_t (&halves)[kCount]) {
  if constexpr (kCount == 1) {
    halves[0] = *static_cast<const uint16_t*>(from);
  } else {
    const auto words = load_words<kCount / 2>(from);
    BENCH_UNROLL
    for (int i = 0; i < kCount; ++i) {
      halves[i] = static_cast<uint16_t>(words.at[i / 2] >> (i % 2 * 16));
    }
  }
}

template <int kCount>
__device__ __forceinline__ void store_halves(const uint16_t (&halves)[kCount], void* to) {
  if constexpr (kCount == 1) {
    *static_cast<uint16_t*>(to) = halves[0];
  } else {
    Words<kCount / 2> words;
    BENCH_UNROLL
    for (int i = 0; i < kCount / 2; ++i) {
      words.at[i] = halves[2 * i] | static_cast<uint32_t>(halves[2 * i + 1]) << 16;
    }
    store_words(words, to);
  }
}

}  // namespace kernels
