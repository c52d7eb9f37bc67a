#pragma once

#include <cstdint>

#include <immintrin.h>

#include "kernels/core/bfloat16.h"

/// What both AVX-512 files of tiles share (see tile.h). `Tag` is a type local to the including
/// file.
namespace kernels::avx512 {

/// 6 x 64: 24 sums, four columns of B and a value of A in 32 registers. Narrower tiles keep their
/// speed down to 32 columns; more rows would fall on one set of the first-level cache where A's
/// rows are a multiple of 4 KiB apart.
template <class Tag>
struct SimdFloat {
  using Vector = __m512;
  static constexpr int kLanes = 16;
  static constexpr int kRowPitch = 8;
  static constexpr int kRows = 6;
  static constexpr int kVectors = 4;

  static Vector all(float value) { return _mm512_set1_ps(value); }
  static Vector zero() { return _mm512_setzero_ps(); }
  static Vector add(Vector a, Vector b) { return _mm512_add_ps(a, b); }
  static Vector multiply(Vector a, Vector b) { return _mm512_mul_ps(a, b); }
  static Vector load_panel(const char* p) { return _mm512_loadu_ps(p); }
  static Vector broadcast(const char* p) {
    int bits;
    __builtin_memcpy(&bits, p, sizeof(bits));
    Vector value = _mm512_castsi512_ps(_mm512_set1_epi32(bits));
    // Keeps the compiler from reading memory once a product instead of once a row.
    __asm__("" : "+v"(value));
    return value;
  }

  static Vector load(const float* p, int lanes) {
    return lanes == kLanes ? _mm512_loadu_ps(p) : _mm512_maskz_loadu_ps(mask(lanes), p);
  }
  static void store(float* p, int lanes, Vector value) {
    if (lanes == kLanes) {
      _mm512_storeu_ps(p, value);
    } else {
      _mm512_mask_storeu_ps(p, mask(lanes), value);
    }
  }
  static __mmask16 mask(int lanes) { return static_cast<__mmask16>((1U << lanes) - 1U); }

  static Vector load_bfloat16(const bfloat16* p, int lanes) {
    const __m256i bits = _mm256_maskz_loadu_epi16(mask(lanes), p);
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
  }
  static void store_bits(bfloat16* p, int lanes, __m256i bits) {
    if (lanes == kLanes) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), bits);
    } else {
      _mm256_mask_storeu_epi16(p, mask(lanes), bits);
    }
  }
};

}  // namespace kernels::avx512
