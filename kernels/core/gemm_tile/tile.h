#pragma once

#include <cstdint>
#include <utility>

#include "kernels/core/gemm_tile/micro_kernel.h"

/// The tile, written once for every instruction set. Included by files that are compiled for one
/// instruction set each: `Simd` is a type local to the file, so nothing here is shared by two.
///
/// Simd: Vector, kLanes, kRows, kVectors (of a tile), kRowPitch (values a step of a packed panel of
/// A takes); zero(), broadcast(4 bytes), half(2 bytes),
/// multiply_add(a, b, sum), load(p, lanes), store(p, lanes, v) of float, and load_c, store_c of
/// the element type T.
namespace kernels::tile {

/// For lambdas that see a tile's sums: one call that is not inlined, and the sums live in memory.
#define BENCH_TILE_INLINE __attribute__((always_inline))

template <int kCount, class Body>
[[gnu::always_inline]] inline void unrolled(Body&& body) {
  [&]<int... kIndex>(std::integer_sequence<int, kIndex...>) BENCH_TILE_INLINE {
    (body(std::integral_constant<int, kIndex>{}), ...);
  }
  (std::make_integer_sequence<int, kCount>{});
}

/// The accumulators of a tile. Every index is a constant, so that they live in registers.
template <class Simd, int kRows, int kVectors>
struct Accumulators {
  using Vector = typename Simd::Vector;
  Vector sums[kRows * kVectors];

  /// One step of k; `broadcast_row(row)` gives the value of A in all lanes.
  template <class BroadcastRow>
  [[gnu::always_inline]] void step(const char* b, const BroadcastRow& broadcast_row) {
    Vector columns[kVectors];
    unrolled<kVectors>([&](auto v) BENCH_TILE_INLINE {
      columns[v] = Simd::load_panel(b + v * Simd::kLanes * static_cast<int>(sizeof(float)));
    });
    unrolled<kRows>([&](auto row) BENCH_TILE_INLINE {
      const Vector value = broadcast_row(row);
      unrolled<kVectors>([&](auto v) BENCH_TILE_INLINE {
        Vector& sum = sums[row * kVectors + v];
        sum = Simd::multiply_add(value, columns[v], sum);
      });
    });
  }
};

inline constexpr int64_t kAheadSteps = 16;

template <class Simd, int kRows, int kVectors>
[[gnu::always_inline]] inline void accumulate(Accumulators<Simd, kRows, kVectors>& tile,
                                              const TileArgs& args) {
  constexpr int64_t kPanelStep = int64_t{kVectors} * Simd::kLanes * int64_t{sizeof(float)};
  unrolled<kRows * kVectors>([&](auto i) BENCH_TILE_INLINE { tile.sums[i] = Simd::zero(); });
  const char* a = args.a;
  const char* a3 = a + 3 * args.a_row_stride;
  const char* b = args.b;
  const int64_t row_stride = args.a_row_stride;
  const int64_t step_stride = args.a_step_stride;
  const char* ahead = args.ahead.first;
  for (int64_t rest = args.steps; rest > 0; rest -= kAheadSteps) {
    for (int64_t i = 0; i < args.ahead.count; ++i) {
      __builtin_prefetch(ahead + i * args.ahead.stride);
    }
    ahead += args.ahead.advance;
    const int64_t steps = rest < kAheadSteps ? rest : kAheadSteps;
    // What the loop itself takes, adding and comparing, competes with products for Intel's ports.
#pragma GCC unroll 4
    for (int64_t step = 0; step < steps; ++step) {
      tile.step(b, [&](auto row) BENCH_TILE_INLINE {
        return Simd::broadcast((row < 3 ? a : a3) + (row % 3) * row_stride);
      });
      a += step_stride;
      a3 += step_stride;
      b += kPanelStep;
    }
  }
  if (args.half_step) {
    tile.step(b, [&](auto row) BENCH_TILE_INLINE {
      return Simd::half((row < 3 ? a : a3) + (row % 3) * row_stride);
    });
  }
}

/// The usual case, where the tile is whole and C is overwritten: matters where k is
/// small.
template <class Simd, int kRows, int kVectors>
[[gnu::always_inline]] inline void write_plain(const Accumulators<Simd, kRows, kVectors>& tile,
                                               const TileArgs& args) {
  const auto alpha = Simd::all(args.alpha);
  unrolled<kRows>([&](auto row) BENCH_TILE_INLINE {
    auto* c = reinterpret_cast<typename Simd::T*>(args.c + row * args.c_row_stride);
    unrolled<kVectors>([&](auto v) BENCH_TILE_INLINE {
      const auto value = Simd::multiply(alpha, tile.sums[row * kVectors + v]);
      Simd::store_c(c + v * Simd::kLanes, Simd::kLanes, value);
    });
  });
}

static inline bool is_plain(const TileArgs& args, int64_t columns) {
  return args.columns == columns && args.addend == nullptr && args.partial == nullptr &&
         args.beta == 0;
}

/// The same for bare sums: partial = finish(sum, offset).
template <class Simd, int kRows, int kVectors>
[[gnu::always_inline]] inline void write_sums(const Accumulators<Simd, kRows, kVectors>& tile,
                                              const TileArgs& args, auto&& finish) {
  unrolled<kRows>([&](auto row) BENCH_TILE_INLINE {
    unrolled<kVectors>([&](auto v) BENCH_TILE_INLINE {
      const int64_t offset = row * args.partial_stride + v * Simd::kLanes;
      Simd::store(args.partial + offset, Simd::kLanes,
                  finish(tile.sums[row * kVectors + v], offset));
    });
  });
}

template <class Simd, int kRows, int kVectors>
[[gnu::always_inline]] inline void write(const Accumulators<Simd, kRows, kVectors>& tile,
                                         const TileArgs& args) {
  unrolled<kRows>([&](auto row) BENCH_TILE_INLINE {
    unrolled<kVectors>([&](auto v) BENCH_TILE_INLINE {
      constexpr int kColumn = v * Simd::kLanes;
      const int64_t rest = args.columns - kColumn;
      const int lanes = rest < Simd::kLanes ? static_cast<int>(rest) : Simd::kLanes;
      const int64_t offset = row * args.partial_stride + kColumn;
      auto value = tile.sums[row * kVectors + v];
      if (args.addend != nullptr) {
        value = Simd::add(value, Simd::load(args.addend + offset, lanes));
      }
      if (args.partial != nullptr) {
        Simd::store(args.partial + offset, lanes, value);
        return;
      }
      auto* c = reinterpret_cast<typename Simd::T*>(args.c + row * args.c_row_stride) + kColumn;
      if (args.alpha != 1) value = Simd::multiply(Simd::all(args.alpha), value);
      if (args.beta != 0) {
        value = Simd::add(value, Simd::multiply(Simd::all(args.beta), Simd::load_c(c, lanes)));
      }
      Simd::store_c(c, lanes, value);
    });
  });
}

/// Fetches what write() will touch, which is far away where C is large.
template <class Simd, int kRows>
[[gnu::always_inline]] inline void prefetch_out(const TileArgs& args) {
  constexpr int64_t kLine = 64;
  const bool partial = args.partial != nullptr;
  const int64_t element = partial ? sizeof(float) : sizeof(typename Simd::T);
  const int64_t stride = partial ? args.partial_stride * element : args.c_row_stride;
  const char* out = partial ? reinterpret_cast<const char*>(args.partial) : args.c;
  for (int64_t byte = 0; byte < args.columns * element; byte += kLine) {
    unrolled<kRows>([&](auto row)
                        BENCH_TILE_INLINE { __builtin_prefetch(out + row * stride + byte, 1); });
  }
}

template <class Simd, int kRows, int kVectors>
void run(const TileArgs& args) {
  prefetch_out<Simd, kRows>(args);
  Accumulators<Simd, kRows, kVectors> tile;
  accumulate(tile, args);
  if (is_plain(args, kVectors * Simd::kLanes)) {
    write_plain(tile, args);
  } else if (args.partial != nullptr && args.columns == kVectors * Simd::kLanes) {
    if (args.addend == nullptr) {
      write_sums(tile, args, [](auto sum, int64_t) BENCH_TILE_INLINE { return sum; });
    } else {
      write_sums(tile, args, [&](auto sum, int64_t offset) BENCH_TILE_INLINE {
        return Simd::add(sum, Simd::load(args.addend + offset, Simd::kLanes));
      });
    }
  } else {
    write(tile, args);
  }
}

/// Picks the instance for args.rows <= kRows and args.columns <= kVectors * kLanes.
template <class Simd>
void dispatch(const TileArgs& args) {
  using Run = void (*)(const TileArgs&);
  static constexpr auto kRuns = []<int... kIndex>(std::integer_sequence<int, kIndex...>) {
    struct Table {
      Run runs[sizeof...(kIndex)];
    };
    return Table{{&run<Simd, kIndex / Simd::kVectors + 1, kIndex % Simd::kVectors + 1>...}};
  }
  (std::make_integer_sequence<int, Simd::kRows * Simd::kVectors>{});
  const int64_t vectors = (args.columns + Simd::kLanes - 1) / Simd::kLanes;
  kRuns.runs[(args.rows - 1) * Simd::kVectors + vectors - 1](args);
}

/// A kernel whose panels hold floats, filled by `kPack`. Where the elements are floats too, A needs
/// no packing.
template <class Simd, void (*kPack)(const PackArgs&)>
constexpr MicroKernel kernel_of_floats() {
  constexpr bool kInPlace = sizeof(typename Simd::T) == sizeof(float);
  return {.rows = Simd::kRows,
          .columns = Simd::kVectors * Simd::kLanes,
          .row_pitch = Simd::kRowPitch,
          .lanes = Simd::kLanes,
          .k_per_step = 1,
          .reads_rows = kInPlace,
          .reads_columns = kInPlace,
          .pack = kPack,
          .pack_a = kPack,
          .tile = dispatch<Simd>};
}

}  // namespace kernels::tile
