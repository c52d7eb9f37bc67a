// Stores of what is multiplied next, as the products take it.

#include <cstdint>

#include "kernels/core/vector-inl.h"

#if defined(KERNELS_FLASH_ATTENTION_ELEMENT_STORE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_FLASH_ATTENTION_ELEMENT_STORE_INL_H_
#undef KERNELS_FLASH_ATTENTION_ELEMENT_STORE_INL_H_
#else
#define KERNELS_FLASH_ATTENTION_ELEMENT_STORE_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

/// To bfloat16 in the upper halves, the nearest, ties away from 0: one addition, where ties to even
/// and any NaN take seven. Ties are one value in 65536, and a NaN stays one, because the lower half
/// of those that come out of bfloat16 or of the machine is 0.
HWY_INLINE Words rounded_upper_half(Floats value) {
  const WordTag d;
  return hn::Add(hn::BitCast(d, value), hn::Set(d, 0x8000));
}

HWY_INLINE void store_element(Floats value, float* to) {
  store_full(value, to);
}

HWY_INLINE void store_element(Floats value, bfloat16* to) {
  store_upper_half(rounded_upper_half(value), to);
}

/// A word of each pair.
HWY_INLINE void store_pairs(Floats low, Floats high, float* to) {
  const WordTag d;
  const Words lower = hn::ShiftRight<16>(rounded_upper_half(low));
  const Words upper = hn::And(rounded_upper_half(high), hn::Set(d, 0xffff0000));
  store_full(hn::BitCast(FloatTag(), hn::Or(lower, upper)), to);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
