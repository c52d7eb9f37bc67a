#pragma once

#include <cstdint>

#include <immintrin.h>

#include "kernels/core/gemm_tile/micro_kernel.h"
#include "kernels/core/gemm_tile/pack_avx512.h"

/// Packing by rows, for instruction sets whose left operand is squares of 16 items and 16 steps:
/// panel[step / 16][item / 16][item % 16][step % 16]. A Source is that of pack_avx512.h.
namespace kernels::avx512_pack {

inline constexpr int64_t kSquareItems = 16;
inline constexpr int64_t kSquareBytes = kSquareItems * kLanes * kStepBytes;

/// The squares of up to 16 items: `first` of them, the next `stride` bytes further.
struct Squares {
  char* first;
  int64_t stride;
};

/// Steps of an item lie side by side in the source.
template <class Source>
[[gnu::always_inline]] inline void copy_items(const PackArgs& args, const char* source,
                                              int64_t items, const Squares& out) {
  constexpr int64_t kElements = kLanes * Source::kPerStep;
  for (int64_t item = 0; item < kSquareItems; ++item) {
    const char* p = source + item * args.item_stride;
    char* row = out.first + item * kLanes * kStepBytes;
    for (int64_t k = 0; k < args.k; k += kElements, row += out.stride) {
      const char* at = p + k * Source::kBytes;
      __builtin_prefetch(at + kSquareItems * args.item_stride);
      _mm512_storeu_si512(row,
                          item < items ? Source::along_k(at, args.k - k) : _mm512_setzero_si512());
    }
  }
}

/// 16 steps from element `k` on of items that lie side by side in the source: transposes.
template <class Source>
[[gnu::always_inline]] inline void transpose_square(const PackArgs& args, const char* source,
                                                    int64_t items, int64_t k, char* square) {
  const __mmask16 mask = first_lanes(items);
  __m512i rows[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) {
    const int64_t at = k + i * Source::kPerStep;
    const bool whole = at + Source::kPerStep <= args.k;
    const char* p = source + at * args.k_stride;
    rows[i] =
        at < args.k ? Source::along_items(p, args.k_stride, mask, whole) : _mm512_setzero_si512();
  }
  transpose(rows);
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) _mm512_storeu_si512(square + i * kLanes * kStepBytes, rows[i]);
}

/// A panel of items that lie side by side in the source, 16 steps of all of them at a time: a line
/// of the source is read once.
template <class Source>
[[gnu::always_inline]] inline void transpose_items(const PackArgs& args, const char* source,
                                                   int64_t items, const Squares& out) {
  constexpr int64_t kElements = kLanes * Source::kPerStep;
  for (int64_t k = 0; k < args.k; k += kElements) {
    char* square = out.first + k / kElements * out.stride;
    for (int64_t item = 0; item < items; item += kSquareItems, square += kSquareBytes) {
      transpose_square<Source>(args, source + item * Source::kBytes, items - item, k, square);
    }
  }
}

template <class Source>
void pack_rows(const PackArgs& args) {
  const int64_t squares = args.width / kSquareItems;
  for (int64_t first = 0; first < args.items; first += args.width) {
    const char* source = args.source + first * args.item_stride;
    const int64_t items = args.items - first < args.width ? args.items - first : args.width;
    Squares out = {args.out + first / args.width * args.panel_stride, squares * kSquareBytes};
    if (args.item_stride == Source::kBytes) {
      transpose_items<Source>(args, source, items, out);
      continue;
    }
    for (int64_t item = 0; item < items; item += kSquareItems, out.first += kSquareBytes) {
      copy_items<Source>(args, source + item * args.item_stride, items - item, out);
    }
  }
}

}  // namespace kernels::avx512_pack
