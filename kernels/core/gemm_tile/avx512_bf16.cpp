#include <immintrin.h>

#include "kernels/core/gemm_tile/pack_avx512.h"
#include "kernels/core/gemm_tile/simd_avx512.h"
#include "kernels/core/gemm_tile/tile.h"

namespace kernels {
namespace {

struct Tag {};

constexpr auto kPack = avx512_pack::pack<avx512_pack::PairSource<Tag>>;

/// Pairs of bfloat16 by vdpbf16ps, which adds both products of a pair to a float; it takes
/// denormals as zero whatever MXCSR says.
struct SimdPairs : avx512::SimdFloat<Tag> {
  using T = bfloat16;
  static Vector half(const char* p) {
    uint16_t bits;
    __builtin_memcpy(&bits, p, sizeof(bits));
    return _mm512_castsi512_ps(_mm512_set1_epi32(bits));
  }
  static Vector multiply_add(Vector a, Vector b, Vector sum) {
    return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b);
  }
  static Vector load_c(const bfloat16* p, int lanes) { return load_bfloat16(p, lanes); }
  static void store_c(bfloat16* p, int lanes, Vector value) {
    store_bits(p, lanes, (__m256i)_mm512_cvtneps_pbh(value));
  }
};

}  // namespace

const MicroKernel& avx512_bf16_bfloat16_kernel() {
  static constexpr MicroKernel kKernel = {.rows = SimdPairs::kRows,
                                          .columns = SimdPairs::kVectors * SimdPairs::kLanes,
                                          .row_pitch = SimdPairs::kRowPitch,
                                          .lanes = SimdPairs::kLanes,
                                          .k_per_step = 2,
                                          .reads_rows = true,
                                          .reads_columns = false,
                                          .pack = kPack,
                                          .pack_a = kPack,
                                          .tile = tile::dispatch<SimdPairs>};
  return kKernel;
}

}  // namespace kernels
