#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kernels/core/gemm_tile/micro_kernel.h"

/// Packing in plain C++: for the instruction sets below AVX-512. The panels
/// hold floats. Source: the element T and widen(T), a type local to the including file (see
/// tile.h).
namespace kernels::scalar_pack {

/// Values are read in blocks of this many k, so that lines of the source are used whole while they
/// are in the first-level cache.
inline constexpr int64_t kBlock = 16;

template <class Source>
void pack(const PackArgs& args) {
  using T = typename Source::T;
  const int64_t element = sizeof(T);
  for (int64_t first = 0; first < args.items; first += args.width) {
    const int64_t items = std::min(args.width, args.items - first);
    const int64_t pitch = (items + args.granule - 1) / args.granule * args.granule;
    auto* out = reinterpret_cast<float*>(args.out + first / args.width * args.panel_stride);
    const char* source = args.source + first * args.item_stride;
    for (int64_t k0 = 0; k0 < args.k; k0 += kBlock) {
      const int64_t k1 = std::min(args.k, k0 + kBlock);
      if (args.item_stride == element) {
        for (int64_t k = k0; k < k1; ++k) {
          const T* row = reinterpret_cast<const T*>(source + k * args.k_stride);
          for (int64_t i = 0; i < items; ++i) out[k * pitch + i] = Source::widen(row[i]);
        }
      } else {
        for (int64_t i = 0; i < items; ++i) {
          const T* row = reinterpret_cast<const T*>(source + i * args.item_stride);
          for (int64_t k = k0; k < k1; ++k) out[k * pitch + i] = Source::widen(row[k]);
        }
      }
      for (int64_t k = k0; k < k1; ++k) {
        for (int64_t i = items; i < pitch; ++i) out[k * pitch + i] = 0;
      }
    }
  }
}

}  // namespace kernels::scalar_pack
