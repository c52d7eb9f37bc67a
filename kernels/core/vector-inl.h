// Vectors of float over rows of float or bfloat16, for code that is compiled once an instruction
// set. All arithmetic is in float; `lanes` < Lanes() marks the last, partial vector of a row.

#include <cstdint>
#include <cstring>

#include <hwy/highway.h>

#include "kernels/core/bfloat16.h"

#if defined(KERNELS_CORE_VECTOR_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_CORE_VECTOR_INL_H_
#undef KERNELS_CORE_VECTOR_INL_H_
#else
#define KERNELS_CORE_VECTOR_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// At most 16 lanes: the dropout bits come in runs of 16 columns.
using FloatTag = hn::CappedTag<float, 16>;
using WordTag = hn::RebindToUnsigned<FloatTag>;
using HalfTag = hn::Rebind<uint16_t, FloatTag>;
using Floats = hn::Vec<FloatTag>;
using Words = hn::Vec<WordTag>;
using FloatMask = hn::Mask<FloatTag>;
inline constexpr int64_t kLanes = hn::MaxLanes(FloatTag());

/// A body that must be inlined into its loop, so that accumulators stay in registers.
#define BENCH_INLINE_LAMBDA __attribute__((always_inline))

HWY_INLINE Floats broadcast(float value) {
  return hn::Set(FloatTag(), value);
}

HWY_INLINE Floats zero() {
  return hn::Zero(FloatTag());
}

// ---- conversion

HWY_INLINE Floats promote(hn::Vec<HalfTag> bits) {
  return hn::BitCast(FloatTag(), hn::ShiftLeft<16>(hn::PromoteTo(WordTag(), bits)));
}

/// As to_bfloat16: to nearest, ties to even, NaN quiet. The result is in the upper halves; the
/// lower ones hold what was left over.
HWY_INLINE Words round_to_upper_half(Floats value) {
  const WordTag d;
  const Words bits = hn::BitCast(d, value);
  const Words odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(d, 1));
  const Words rounded = hn::Add(bits, hn::Add(odd, hn::Set(d, 0x7fff)));
  const Words quiet = hn::Or(bits, hn::Set(d, 0x00400000));
  return hn::IfThenElse(hn::RebindMask(d, hn::IsNaN(value)), quiet, rounded);
}

/// The value that storing as T and loading again would give.
template <class T>
HWY_INLINE Floats rounded_to(Floats value) {
  if constexpr (sizeof(T) == sizeof(float)) {
    return value;
  } else {
    const Words upper = hn::And(round_to_upper_half(value), hn::Set(WordTag(), 0xffff0000));
    return hn::BitCast(FloatTag(), upper);
  }
}

// ---- load and store

HWY_INLINE Floats load_full(const float* from) {
  return hn::LoadU(FloatTag(), from);
}

HWY_INLINE Floats load_full(const bfloat16* from) {
  return promote(hn::LoadU(HalfTag(), &from->bits));
}

HWY_INLINE void store_upper_half(Words value, bfloat16* to) {
  const auto half = hn::TruncateTo(HalfTag(), hn::ShiftRight<16>(value));
  hn::StoreU(half, HalfTag(), &to->bits);
}

HWY_INLINE void store_full(Floats value, float* to) {
  hn::StoreU(value, FloatTag(), to);
}

HWY_INLINE void store_full(Floats value, bfloat16* to) {
  store_upper_half(round_to_upper_half(value), to);
}

/// For values that T represents exactly, such as rounded_to's.
HWY_INLINE void store_full_exact(Floats value, float* to) {
  store_full(value, to);
}

HWY_INLINE void store_full_exact(Floats value, bfloat16* to) {
  store_upper_half(hn::BitCast(WordTag(), value), to);
}

/// The first `lanes` elements, zeros behind them.
template <class T>
HWY_INLINE Floats load(const T* from, int64_t lanes) {
  if (lanes == kLanes) return load_full(from);
  HWY_ALIGN T buffer[kLanes] = {};
  std::memcpy(buffer, from, static_cast<size_t>(lanes) * sizeof(T));
  return load_full(buffer);
}

template <class T>
HWY_INLINE void store(Floats value, T* to, int64_t lanes) {
  if (lanes == kLanes) {
    store_full(value, to);
    return;
  }
  HWY_ALIGN T buffer[kLanes];
  store_full(value, buffer);
  std::memcpy(to, buffer, static_cast<size_t>(lanes) * sizeof(T));
}

/// store() for values that T represents exactly.
template <class T>
HWY_INLINE void store_exact(Floats value, T* to, int64_t lanes) {
  if (lanes == kLanes) {
    store_full_exact(value, to);
  } else {
    store(value, to, lanes);
  }
}

/// to[...] += value
HWY_INLINE void add_to(Floats value, float* to, int64_t lanes) {
  store(hn::Add(load(to, lanes), value), to, lanes);
}

/// `otherwise` behind the first `lanes` lanes.
HWY_INLINE Floats only(int64_t lanes, Floats value, Floats otherwise) {
  if (lanes == kLanes) return value;
  return hn::IfThenElse(hn::FirstN(FloatTag(), static_cast<size_t>(lanes)), value, otherwise);
}

/// Zeros behind the first `lanes` lanes, for values that enter a sum.
HWY_INLINE Floats only(int64_t lanes, Floats value) {
  return only(lanes, value, zero());
}

HWY_INLINE float sum_of_lanes(Floats value) {
  return hn::GetLane(hn::SumOfLanes(FloatTag(), value));
}

HWY_INLINE float max_of_lanes(Floats value) {
  return hn::GetLane(hn::MaxOfLanes(FloatTag(), value));
}

// ---- loops

/// body(column, lanes) over a row, the partial vector last.
template <class Body>
HWY_INLINE void for_each_vector(int64_t columns, const Body& body) {
  int64_t column = 0;
  for (; column + kLanes <= columns; column += kLanes) body(column, kLanes);
  if (column < columns) body(column, columns - column);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
