// Rows of one head between tensors of T and scratch.

#include <algorithm>
#include <cstdint>

#include "kernels/core/vector-inl.h"
#include "kernels/flash_attention/panels.h"

#if defined(KERNELS_FLASH_ATTENTION_HEAD_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_FLASH_ATTENTION_HEAD_ROWS_INL_H_
#undef KERNELS_FLASH_ATTENTION_HEAD_ROWS_INL_H_
#else
#define KERNELS_FLASH_ATTENTION_HEAD_ROWS_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

using flash_attention::Rows;

/// Fetches a row so far below `row` that it arrives in time: rows of a head lie in different pages,
/// where hardware foresees nothing. Reaches past the last row without touching it.
template <class T>
HWY_INLINE void prefetch_ahead(const T* row, int64_t pitch, int64_t columns) {
  constexpr int64_t kRowsAhead = 16;
  constexpr int64_t kLineElements = 64 / sizeof(T);
  const T* ahead = row + kRowsAhead * pitch;
  for (int64_t i = 0; i < columns; i += kLineElements) __builtin_prefetch(ahead + i);
}

/// Elements behind the last one up to the pitch become 0. `bias` may be null.
template <class T, class Element>
void read_rows(const Rows<const T>& from, const T* bias, int64_t rows, int64_t columns,
               const Rows<Element>& to) {
  for (int64_t row = 0; row < rows; ++row) {
    const T* source = from.data + row * from.pitch;
    Element* out = to.data + row * to.pitch;
    prefetch_ahead(source, from.pitch, columns);
    for_each_vector(columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
      Floats value = load(source + i, lanes);
      if (bias != nullptr) value = hn::Add(value, load(bias + i, lanes));
      store_full(value, out + i);
    });
    const int64_t written = (columns + kLanes - 1) / kLanes * kLanes;
    std::fill(out + std::min(written, to.pitch), out + to.pitch, Element{});
  }
}

/// to = factor * from; adds the rows to `column_sums`.
template <class T>
void write_rows(const Rows<float>& from, float factor, int64_t rows, int64_t columns,
                const Rows<T>& to, float* column_sums) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* source = from.data + row * from.pitch;
    T* out = to.data + row * to.pitch;
    prefetch_ahead(out, to.pitch, columns);
    for_each_vector(columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
      const Floats value = hn::Mul(load(source + i, lanes), broadcast(factor));
      store(value, out + i, lanes);
      add_to(value, column_sums + i, lanes);
    });
  }
}

/// The dot product of two rows.
template <class T>
HWY_INLINE float dot(const T* a, const T* b, int64_t columns) {
  Floats sum = zero();
  for_each_vector(columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    sum = hn::MulAdd(load(a + i, lanes), load(b + i, lanes), sum);
  });
  return sum_of_lanes(sum);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
