// Tiles of 32 x 32: four registers of sums, two of A and two of B, 16 pairs of k at a time. A is
// taken by rows, B as the panels have it, [step][column] of pairs; like vdpbf16ps, tdpbf16ps takes
// denormals as zero. A k block of 128 steps keeps a strip of A, a panel of B and the sums in 48
// KiB: with more than 160, A falls out of the first-level cache before the next panel comes, and
// both are read from the second.

#include <immintrin.h>

#include "kernels/core/bfloat16.h"
#include "kernels/core/gemm_tile/amx_tiles.h"
#include "kernels/core/gemm_tile/pack_avx512.h"
#include "kernels/core/gemm_tile/pack_rows_avx512.h"
#include "kernels/core/gemm_tile/simd_avx512.h"

namespace kernels {
namespace {

struct Tag {};
using Simd = avx512::SimdFloat<Tag>;
using Source = avx512_pack::PairSource<Tag>;

constexpr int64_t kTileRows = amx::kTileRows;
constexpr int64_t kTileSteps = amx::kRowBytes / avx512_pack::kStepBytes;
constexpr int64_t kRowBytes = amx::kRowBytes;
constexpr int64_t kRows = 2 * kTileRows;
constexpr int64_t kColumns = 2 * Simd::kLanes;
constexpr int64_t kSumsPitch = kColumns;

// Registers: sums 0 ... 3 (2 * row tile + column tile), A in 4 and 5, B in 6 and 7. The compiler
// takes tile loads for arithmetic; what they read must have been written.
inline void written() {
  __asm__ volatile("" ::: "memory");
}

template <int kRowTiles, int kColumnTiles>
[[gnu::always_inline]] inline void clear_sums() {
  _tile_zero(0);
  if constexpr (kColumnTiles > 1) _tile_zero(1);
  if constexpr (kRowTiles > 1) _tile_zero(2);
  if constexpr (kRowTiles > 1 && kColumnTiles > 1) _tile_zero(3);
}

template <int kRowTiles, int kColumnTiles>
[[gnu::always_inline]] inline void load_sums(const float* from, int64_t pitch) {
  const int64_t bytes = pitch * static_cast<int64_t>(sizeof(float));
  const float* below = from + kTileRows * pitch;
  _tile_loadd(0, from, bytes);
  if constexpr (kColumnTiles > 1) _tile_loadd(1, from + Simd::kLanes, bytes);
  if constexpr (kRowTiles > 1) _tile_loadd(2, below, bytes);
  if constexpr (kRowTiles > 1 && kColumnTiles > 1) _tile_loadd(3, below + Simd::kLanes, bytes);
}

template <int kRowTiles, int kColumnTiles>
[[gnu::always_inline]] inline void store_sums(float* to, int64_t pitch) {
  const int64_t bytes = pitch * static_cast<int64_t>(sizeof(float));
  float* below = to + kTileRows * pitch;
  _tile_stored(0, to, bytes);
  if constexpr (kColumnTiles > 1) _tile_stored(1, to + Simd::kLanes, bytes);
  if constexpr (kRowTiles > 1) _tile_stored(2, below, bytes);
  if constexpr (kRowTiles > 1 && kColumnTiles > 1) _tile_stored(3, below + Simd::kLanes, bytes);
}

/// 16 steps.
template <int kRowTiles, int kColumnTiles>
[[gnu::always_inline]] inline void multiply(const char* a, int64_t a_row_stride, const char* b) {
  constexpr int64_t kBRow = kColumnTiles * kRowBytes;
  _tile_loadd(6, b, kBRow);
  _tile_loadd(4, a, a_row_stride);
  _tile_dpbf16ps(0, 4, 6);
  if constexpr (kColumnTiles > 1) {
    _tile_loadd(7, b + kRowBytes, kBRow);
    _tile_dpbf16ps(1, 4, 7);
  }
  if constexpr (kRowTiles > 1) {
    _tile_loadd(5, a + kTileRows * a_row_stride, a_row_stride);
    _tile_dpbf16ps(2, 5, 6);
    if constexpr (kColumnTiles > 1) _tile_dpbf16ps(3, 5, 7);
  }
}

/// `a` is by steps: a step's rows lie side by side.
inline bool rows_touch(const TileArgs& args) {
  return args.a_row_stride == avx512_pack::kStepBytes;
}

/// Up to 16 steps of both operands, by rows and with zeros behind the last step.
struct Gathered {
  alignas(64) char a[kRows * kRowBytes];
  alignas(64) char b[kTileSteps * kColumns * avx512_pack::kStepBytes];

  void gather_a(const TileArgs& args, int64_t first, int64_t steps) {
    const char* from = args.a + first * args.a_step_stride;
    for (int64_t row = 0; row < args.rows; row += kTileRows) {
      const int64_t rows = args.rows - row < kTileRows ? args.rows - row : kTileRows;
      gather_tile(args, from + row * args.a_row_stride, rows, steps, a + row * kRowBytes);
    }
  }

  /// `row_bytes` of a panel of B's step.
  void gather_b(const TileArgs& args, int64_t first, int64_t steps, int64_t row_bytes) {
    const auto bytes = static_cast<size_t>(steps * row_bytes);
    __builtin_memcpy(b, args.b + first * row_bytes, bytes);
    __builtin_memset(b + bytes, 0, static_cast<size_t>(kTileSteps * row_bytes) - bytes);
  }

 private:
  static void gather_tile(const TileArgs& args, const char* from, int64_t rows, int64_t steps,
                          char* out) {
    const bool by_rows = !rows_touch(args);
    const int64_t stride = by_rows ? args.a_row_stride : args.a_step_stride;
    const int64_t count = by_rows ? rows : steps;
    const __mmask16 mask = avx512_pack::first_lanes(by_rows ? steps : rows);
    __m512i lines[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      lines[i] =
          i < count ? _mm512_maskz_loadu_epi32(mask, from + i * stride) : _mm512_setzero_si512();
    }
    if (!by_rows) avx512_pack::transpose(lines);
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) _mm512_store_si512(out + i * kRowBytes, lines[i]);
  }
};

/// The product from sums that are there.
template <int kRowTiles, int kColumnTiles>
[[gnu::always_inline]] inline void accumulate(const TileArgs& args) {
  constexpr int64_t kBRow = kColumnTiles * kRowBytes;
  const int64_t whole = args.steps / kTileSteps * kTileSteps;
  Gathered gathered;
  if (!rows_touch(args)) {
    const char* a = args.a;
    const char* b = args.b;
    for (int64_t step = 0; step < whole; step += kTileSteps) {
      multiply<kRowTiles, kColumnTiles>(a, args.a_row_stride, b);
      a += kTileSteps * args.a_step_stride;
      b += kTileSteps * kBRow;
    }
  } else {
    for (int64_t step = 0; step < whole; step += kTileSteps) {
      gathered.gather_a(args, step, kTileSteps);
      written();
      multiply<kRowTiles, kColumnTiles>(gathered.a, kRowBytes, args.b + step * kBRow);
    }
  }
  if (whole == args.steps) return;
  gathered.gather_a(args, whole, args.steps - whole);
  gathered.gather_b(args, whole, args.steps - whole, kBRow);
  written();
  multiply<kRowTiles, kColumnTiles>(gathered.a, kRowBytes, gathered.b);
}

/// A row of the tile: C = alpha * sums + beta * C, or, with `partial`, the sums.
[[gnu::always_inline]] inline void write_row(const TileArgs& args, int64_t row, const float* sums) {
  for (int64_t column = 0; column < args.columns; column += Simd::kLanes) {
    const int64_t rest = args.columns - column;
    const int lanes = rest < Simd::kLanes ? static_cast<int>(rest) : Simd::kLanes;
    auto value = _mm512_load_ps(sums + column);
    if (args.partial != nullptr) {
      Simd::store(args.partial + row * args.partial_stride + column, lanes, value);
      continue;
    }
    auto* c = reinterpret_cast<bfloat16*>(args.c + row * args.c_row_stride) + column;
    value = Simd::multiply(Simd::all(args.alpha), value);
    if (args.beta != 0) {
      const auto before = Simd::multiply(Simd::all(args.beta), Simd::load_bfloat16(c, lanes));
      value = Simd::add(value, before);
    }
    Simd::store_bits(c, lanes, (__m256i)_mm512_cvtneps_pbh(value));
  }
}

/// All rows, where the tile is whole and C is overwritten.
inline void write_plain(const TileArgs& args, const float* sums) {
  const auto alpha = Simd::all(args.alpha);
  for (int64_t row = 0; row < args.rows; ++row, sums += kSumsPitch) {
    const auto low = Simd::multiply(alpha, _mm512_load_ps(sums));
    const auto high = Simd::multiply(alpha, _mm512_load_ps(sums + Simd::kLanes));
    _mm512_storeu_si512(args.c + row * args.c_row_stride, (__m512i)_mm512_cvtne2ps_pbh(high, low));
  }
}

/// C's rows, which are far away where C is large.
inline void prefetch_c(const TileArgs& args) {
  if (args.partial != nullptr) return;
  for (int64_t row = 0; row < args.rows; ++row) {
    __builtin_prefetch(args.c + row * args.c_row_stride, 1);
  }
}

template <int kRowTiles, int kColumnTiles>
void run(const TileArgs& args) {
  const bool whole =
      args.rows == kRowTiles * kTileRows && args.columns == kColumnTiles * Simd::kLanes;
  alignas(64) float sums[kRows * kSumsPitch];
  prefetch_c(args);
  if (args.addend == nullptr) {
    clear_sums<kRowTiles, kColumnTiles>();
  } else if (whole) {
    load_sums<kRowTiles, kColumnTiles>(args.addend, args.partial_stride);
  } else {
    for (int64_t row = 0; row < args.rows; ++row) {
      __builtin_memcpy(sums + row * kSumsPitch, args.addend + row * args.partial_stride,
                       static_cast<size_t>(args.columns) * sizeof(float));
    }
    written();
    load_sums<kRowTiles, kColumnTiles>(sums, kSumsPitch);
  }
  accumulate<kRowTiles, kColumnTiles>(args);
  if (whole && args.partial != nullptr) {
    store_sums<kRowTiles, kColumnTiles>(args.partial, args.partial_stride);
    return;
  }
  store_sums<kRowTiles, kColumnTiles>(sums, kSumsPitch);
  if (whole && kColumnTiles == 2 && args.beta == 0) {
    write_plain(args, sums);
    return;
  }
  for (int64_t row = 0; row < args.rows; ++row) write_row(args, row, sums + row * kSumsPitch);
}

/// Until the tiles are released, every switch to another thread stores them.
void configure() {
  alignas(64) static constexpr amx::TileConfig kConfig;
  _tile_loadconfig(&kConfig);
}
void release() {
  _tile_release();
}

void tile(const TileArgs& args) {
  if (args.rows > kTileRows) {
    args.columns > Simd::kLanes ? run<2, 2>(args) : run<2, 1>(args);
  } else {
    args.columns > Simd::kLanes ? run<1, 2>(args) : run<1, 1>(args);
  }
}

}  // namespace

const MicroKernel& amx_bf16_bfloat16_kernel() {
  static constexpr MicroKernel kKernel = {.rows = kRows,
                                          .columns = kColumns,
                                          .row_pitch = kRows,
                                          .lanes = Simd::kLanes,
                                          .k_per_step = Source::kPerStep,
                                          .reads_rows = false,
                                          .reads_columns = false,
                                          .step_granule = kTileSteps,
                                          .block_steps = 128,
                                          .span_blocks = 4,
                                          .a_by_rows = true,
                                          .pack = avx512_pack::pack<Source>,
                                          .pack_a = avx512_pack::pack_rows<Source>,
                                          .tile = tile,
                                          .enter = configure,
                                          .leave = release};
  return kKernel;
}

}  // namespace kernels
