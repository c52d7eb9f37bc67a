#include <immintrin.h>

#include "kernels/core/gemm_tile/pack_avx512.h"
#include "kernels/core/gemm_tile/simd_avx512.h"
#include "kernels/core/gemm_tile/tile.h"

namespace kernels {
namespace {

struct Tag {};

struct SimdBase : avx512::SimdFloat<Tag> {
  static Vector half(const char*) { return zero(); }
  static Vector multiply_add(Vector a, Vector b, Vector sum) { return _mm512_fmadd_ps(a, b, sum); }
};

struct SimdFloat : SimdBase {
  using T = float;
  static Vector load_c(const float* p, int lanes) { return load(p, lanes); }
  static void store_c(float* p, int lanes, Vector value) { store(p, lanes, value); }
};

struct SimdWidened : SimdBase {
  using T = bfloat16;
  static Vector load_c(const bfloat16* p, int lanes) { return load_bfloat16(p, lanes); }
  /// Rounds as to_bfloat16 does.
  static void store_c(bfloat16* p, int lanes, Vector value) {
    const __m512i bits = _mm512_castps_si512(value);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i sum = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    const __mmask16 nan = _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q);
    const __m512i quiet = _mm512_or_si512(bits, _mm512_set1_epi32(0x00400000));
    const __m512i rounded = _mm512_srli_epi32(_mm512_mask_mov_epi32(sum, nan, quiet), 16);
    store_bits(p, lanes, _mm512_cvtepi32_epi16(rounded));
  }
};

}  // namespace

const MicroKernel& avx512_float_kernel() {
  static constexpr MicroKernel kKernel =
      tile::kernel_of_floats<SimdFloat, avx512_pack::pack<avx512_pack::FloatSource<Tag>>>();
  return kKernel;
}

const MicroKernel& avx512_bfloat16_kernel() {
  static constexpr MicroKernel kKernel =
      tile::kernel_of_floats<SimdWidened, avx512_pack::pack<avx512_pack::WidenedSource<Tag>>>();
  return kKernel;
}

}  // namespace kernels
