#pragma once

#include <cstdint>

#include <immintrin.h>

#include "kernels/core/gemm_tile/micro_kernel.h"

/// Packing with AVX-512. A Source has kBytes of an element, kPerStep elements in the 4 bytes of a
/// step, along_items(p, k_stride, mask, second): a step of 16 items that lie side by side
/// (`second`: the step is whole), and along_k(p, elements): 16 steps of one item, `elements` of
/// them there.
namespace kernels::avx512_pack {

inline constexpr int64_t kLanes = 16;
inline constexpr int64_t kHalf = 8;
inline constexpr int64_t kStepBytes = 4;

/// Transposes 16 rows of 16 values of 4 bytes.
[[gnu::always_inline]] static inline void transpose(__m512i (&rows)[16]) {
  __m512i pairs[16];
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    const __m512i low01 = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    const __m512i high01 = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    const __m512i low23 = _mm512_unpacklo_epi32(rows[i + 2], rows[i + 3]);
    const __m512i high23 = _mm512_unpackhi_epi32(rows[i + 2], rows[i + 3]);
    pairs[i] = _mm512_unpacklo_epi64(low01, low23);
    pairs[i + 1] = _mm512_unpackhi_epi64(low01, low23);
    pairs[i + 2] = _mm512_unpacklo_epi64(high01, high23);
    pairs[i + 3] = _mm512_unpackhi_epi64(high01, high23);
  }
  // pairs[4 * g + j] holds, in its 128-bit lane q, column 4 * q + j of rows 4 * g ... 4 * g + 3.
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    const __m512i even01 = _mm512_shuffle_i32x4(pairs[j], pairs[4 + j], 0x88);
    const __m512i odd01 = _mm512_shuffle_i32x4(pairs[j], pairs[4 + j], 0xdd);
    const __m512i even23 = _mm512_shuffle_i32x4(pairs[8 + j], pairs[12 + j], 0x88);
    const __m512i odd23 = _mm512_shuffle_i32x4(pairs[8 + j], pairs[12 + j], 0xdd);
    rows[j] = _mm512_shuffle_i32x4(even01, even23, 0x88);
    rows[8 + j] = _mm512_shuffle_i32x4(even01, even23, 0xdd);
    rows[4 + j] = _mm512_shuffle_i32x4(odd01, odd23, 0x88);
    rows[12 + j] = _mm512_shuffle_i32x4(odd01, odd23, 0xdd);
  }
}

[[gnu::always_inline]] static inline __mmask16 first_lanes(int64_t count) {
  return static_cast<__mmask16>(count >= kLanes ? 0xffffU : (1U << count) - 1U);
}

/// What one panel is: `items` values a step from `source`, in the room of `pitch`, at `out`.
struct Panel {
  const char* source;
  int64_t items;
  int64_t pitch;
  char* out;
};

[[gnu::always_inline]] static inline Panel panel_at(const PackArgs& args, int64_t first) {
  const int64_t rest = args.items - first;
  const int64_t items = rest < args.width ? rest : args.width;
  const int64_t pitch = (items + args.granule - 1) / args.granule * args.granule;
  return {args.source + first * args.item_stride, items, pitch,
          args.out + first / args.width * args.panel_stride};
}

/// Fetches the rows of some steps that come after the one at `p`.
template <class Source, int kSteps>
[[gnu::always_inline]] inline void prefetch_rows(const char* p, int64_t k_stride) {
  constexpr int64_t kStepsAhead = 8;
#pragma GCC unroll 4
  for (int64_t row = 0; row < kSteps * Source::kPerStep; ++row) {
    __builtin_prefetch(p + (kStepsAhead * Source::kPerStep + row) * k_stride);
  }
}

/// One step of one panel from items that lie side by side in the source.
template <class Source>
[[gnu::always_inline]] inline void copy_step(const char* p, int64_t k_stride, bool second,
                                             int64_t items, int64_t pitch, char* out) {
  for (; pitch > 0; pitch -= kLanes, items -= kLanes) {
    prefetch_rows<Source, 1>(p, k_stride);
    const __m512i values = Source::along_items(p, k_stride, first_lanes(items), second);
    if (pitch >= kLanes) {
      _mm512_storeu_si512(out, values);
    } else {
      _mm512_mask_storeu_epi32(out, first_lanes(pitch), values);
    }
    p += kLanes * Source::kBytes;
    out += kLanes * kStepBytes;
  }
}

/// Panels of half a vector, all steps: a panel that is followed by enough items takes some of the
/// next with it, which saves the masks. Two steps are stored at once. Returns how many panels it
/// has done.
template <class Source>
inline int64_t copy_halves(const PackArgs& args, int64_t steps) {
  const int64_t panels = args.items < kHalf ? 0 : (args.items - kHalf) / args.width + 1;
  const int64_t k_stride = args.k_stride;
  const int64_t row_stride = Source::kPerStep * k_stride;
  for (int64_t step = 0; step < steps; step += 2) {
    const bool second = (step + 1) * Source::kPerStep <= args.k;
    const bool next = step + 1 < steps;
    const bool next_second = (step + 2) * Source::kPerStep <= args.k;
    const char* p = args.source + step * row_stride;
    char* out = args.out + step * kHalf * kStepBytes;
    for (int64_t panel = 0; panel < panels; ++panel) {
      prefetch_rows<Source, 2>(p, k_stride);
      const __m256i low = Source::half_along_items(p, k_stride, second);
      if (next) {
        const __m256i high = Source::half_along_items(p + row_stride, k_stride, next_second);
        _mm512_storeu_si512(out, _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1));
      } else {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), low);
      }
      p += args.width * Source::kBytes;
      out += args.panel_stride;
    }
  }
  return panels;
}

template <class Source>
void copy(const PackArgs& args, int64_t steps) {
  const bool halves = args.width < kHalf && args.granule == kHalf;
  int64_t first = halves ? copy_halves<Source>(args, steps) * args.width : 0;
  for (; first < args.items; first += args.width) {
    const Panel panel = panel_at(args, first);
    for (int64_t step = 0; step < steps; ++step) {
      copy_step<Source>(panel.source + step * Source::kPerStep * args.k_stride, args.k_stride,
                        (step + 1) * Source::kPerStep <= args.k, panel.items, panel.pitch,
                        panel.out + step * panel.pitch * kStepBytes);
    }
  }
}

/// Steps lie side by side in the source: transposes blocks of 16 items and 16 steps.
template <class Source>
[[gnu::always_inline]] inline void transpose_block(const PackArgs& args, const Panel& panel,
                                                   int64_t item, int64_t step, int64_t steps) {
  constexpr int64_t kBytesAhead = 256;
  const char* source =
      panel.source + item * args.item_stride + step * Source::kPerStep * Source::kBytes;
  const int64_t elements = args.k - step * Source::kPerStep;
  __m512i rows[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) {
    const char* p = source + i * args.item_stride;
    const bool inside = item + i < panel.items;
    __builtin_prefetch(p + kBytesAhead);
    rows[i] = inside ? Source::along_k(p, elements) : _mm512_setzero_si512();
  }
  transpose(rows);
  char* out = panel.out + (step * panel.pitch + item) * kStepBytes;
  const __mmask16 mask = first_lanes(panel.pitch - item);
  const int64_t count = steps - step;
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) {
    if (i < count) _mm512_mask_storeu_epi32(out + i * panel.pitch * kStepBytes, mask, rows[i]);
  }
}

template <class Source>
void pack(const PackArgs& args) {
  const int64_t steps = (args.k + Source::kPerStep - 1) / Source::kPerStep;
  if (args.item_stride == Source::kBytes) {
    copy<Source>(args, steps);
    return;
  }
  for (int64_t first = 0; first < args.items; first += args.width) {
    const Panel panel = panel_at(args, first);
    for (int64_t item = 0; item < panel.items; item += kLanes) {
      for (int64_t step = 0; step < steps; step += kLanes) {
        transpose_block<Source>(args, panel, item, step, steps);
      }
    }
  }
}

[[gnu::always_inline]] static inline __m256i widened_half(const char* p) {
  return _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
}

/// Sources. `Tag` is a type local to the including file.
template <class Tag>
struct FloatSource {
  static constexpr int64_t kBytes = 4;
  static constexpr int64_t kPerStep = 1;
  static __m512i along_items(const char* p, int64_t, __mmask16 mask, bool) {
    return _mm512_maskz_loadu_epi32(mask, p);
  }
  static __m256i half_along_items(const char* p, int64_t, bool) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }
  static __m512i along_k(const char* p, int64_t elements) {
    return _mm512_maskz_loadu_epi32(first_lanes(elements), p);
  }
};

/// bfloat16 as float.
template <class Tag>
struct WidenedSource {
  static constexpr int64_t kBytes = 2;
  static constexpr int64_t kPerStep = 1;
  static __m512i along_items(const char* p, int64_t, __mmask16 mask, bool) {
    return _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, p)), 16);
  }
  static __m256i half_along_items(const char* p, int64_t, bool) {
    return _mm256_slli_epi32(widened_half(p), 16);
  }
  static __m512i along_k(const char* p, int64_t elements) {
    return along_items(p, 0, first_lanes(elements), false);
  }
};

/// Pairs of bfloat16, the lower k in the lower half.
template <class Tag>
struct PairSource {
  static constexpr int64_t kBytes = 2;
  static constexpr int64_t kPerStep = 2;
  static __m512i along_items(const char* p, int64_t k_stride, __mmask16 mask, bool second) {
    const __m512i even = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, p));
    const __mmask16 odd_mask = second ? mask : __mmask16{0};
    const __m512i odd = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(odd_mask, p + k_stride));
    return _mm512_or_si512(even, _mm512_slli_epi32(odd, 16));
  }
  static __m256i half_along_items(const char* p, int64_t k_stride, bool second) {
    const __m256i even = widened_half(p);
    return second ? _mm256_or_si256(even, _mm256_slli_epi32(widened_half(p + k_stride), 16)) : even;
  }
  static __m512i along_k(const char* p, int64_t elements) {
    const __mmask32 mask = elements >= 32 ? ~__mmask32{0} : (__mmask32{1} << elements) - 1;
    return _mm512_maskz_loadu_epi16(mask, p);
  }
};

}  // namespace kernels::avx512_pack
