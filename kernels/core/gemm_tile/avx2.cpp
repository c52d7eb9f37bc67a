#include <immintrin.h>

#include "kernels/core/bfloat16.h"
#include "kernels/core/gemm_tile/pack_scalar.h"
#include "kernels/core/gemm_tile/tile.h"

namespace kernels {
namespace {

template <class Element>
struct Source {
  using T = Element;
  static float widen(float value) { return value; }
  static float widen(bfloat16 value) {
    return __builtin_bit_cast(float, static_cast<uint32_t>(value.bits) << 16);
  }
};

/// 6 x 16: twelve sums, two columns of B and a value of A in sixteen registers.
template <class Element>
struct Simd {
  using T = Element;
  using Vector = __m256;
  static constexpr int kLanes = 8;
  static constexpr int kRowPitch = 6;
  static constexpr int kRows = 6;
  static constexpr int kVectors = 2;

  static Vector all(float value) { return _mm256_set1_ps(value); }
  static Vector zero() { return _mm256_setzero_ps(); }
  static Vector broadcast(const char* p) {
    return _mm256_broadcast_ss(reinterpret_cast<const float*>(p));
  }
  static Vector half(const char*) { return zero(); }
  static Vector load_panel(const char* p) {
    return _mm256_loadu_ps(reinterpret_cast<const float*>(p));
  }
  static Vector add(Vector a, Vector b) { return _mm256_add_ps(a, b); }
  static Vector multiply(Vector a, Vector b) { return _mm256_mul_ps(a, b); }
  static Vector multiply_add(Vector a, Vector b, Vector sum) { return _mm256_fmadd_ps(a, b, sum); }

  static Vector load(const float* p, int lanes) { return _mm256_maskload_ps(p, mask(lanes)); }
  static void store(float* p, int lanes, Vector value) {
    _mm256_maskstore_ps(p, mask(lanes), value);
  }
  static Vector load_c(const float* p, int lanes) { return load(p, lanes); }
  static void store_c(float* p, int lanes, Vector value) { store(p, lanes, value); }

  static Vector load_c(const bfloat16* p, int lanes) {
    alignas(32) bfloat16 values[kLanes] = {};
    __builtin_memcpy(values, p, static_cast<size_t>(lanes) * sizeof(bfloat16));
    const __m128i bits = _mm_load_si128(reinterpret_cast<const __m128i*>(values));
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16));
  }
  static void store_c(bfloat16* p, int lanes, Vector value) {
    const __m256i bits = rounded(value);
    const __m128i packed =
        _mm_packus_epi32(_mm256_castsi256_si128(bits), _mm256_extracti128_si256(bits, 1));
    alignas(32) bfloat16 values[kLanes];
    _mm_store_si128(reinterpret_cast<__m128i*>(values), packed);
    __builtin_memcpy(p, values, static_cast<size_t>(lanes) * sizeof(bfloat16));
  }

 private:
  static __m256i mask(int lanes) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(lanes), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  /// to_bfloat16 on every lane, in the low half.
  static __m256i rounded(Vector value) {
    const __m256i bits = _mm256_castps_si256(value);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i nearest = _mm256_srli_epi32(
        _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff))), 16);
    const __m256i quiet = _mm256_or_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(0x0040));
    const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(value, value, _CMP_UNORD_Q));
    return _mm256_blendv_epi8(nearest, quiet, nan);
  }
};

}  // namespace

const MicroKernel& avx2_float_kernel() {
  static constexpr MicroKernel kKernel =
      tile::kernel_of_floats<Simd<float>, scalar_pack::pack<Source<float>>>();
  return kKernel;
}

const MicroKernel& avx2_bfloat16_kernel() {
  static constexpr MicroKernel kKernel =
      tile::kernel_of_floats<Simd<bfloat16>, scalar_pack::pack<Source<bfloat16>>>();
  return kKernel;
}

}  // namespace kernels
