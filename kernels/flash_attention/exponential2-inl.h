// 2^x on vectors of float, for softmax: the scores' scale and the base are one factor.

#include <cstdint>

#include "kernels/core/vector-inl.h"

#if defined(KERNELS_FLASH_ATTENTION_EXPONENTIAL2_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_FLASH_ATTENTION_EXPONENTIAL2_INL_H_
#undef KERNELS_FLASH_ATTENTION_EXPONENTIAL2_INL_H_
#else
#define KERNELS_FLASH_ATTENTION_EXPONENTIAL2_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

inline constexpr float kLog2E = 1.44269504F;
inline constexpr float kLn2 = 0.693147181F;

/// 2^r for |r| <= 1/2: the polynomial with the least maximal relative error, 2e-9 of degree 6. What
/// is rounded to bfloat16 next is served by 3e-6 of degree 4.
template <class Element>
HWY_INLINE Floats fraction_exponential2(Floats r) {
  if constexpr (sizeof(Element) < sizeof(float)) {
    Floats p = hn::MulAdd(broadcast(0.00957010191F), r, broadcast(0.0559178603F));
    p = hn::MulAdd(p, r, broadcast(0.240247448F));
    p = hn::MulAdd(p, r, broadcast(0.693121815F));
    return hn::MulAdd(p, r, broadcast(0.999999261F));
  } else {
    Floats p = hn::MulAdd(broadcast(0.00015345812F), r, broadcast(0.00133999312F));
    p = hn::MulAdd(p, r, broadcast(0.00961848896F));
    p = hn::MulAdd(p, r, broadcast(0.0555032878F));
    p = hn::MulAdd(p, r, broadcast(0.240226469F));
    p = hn::MulAdd(p, r, broadcast(0.693147206F));
    return hn::MulAdd(p, r, broadcast(1));
  }
}

/// For x < 127, to Element's precision; 0 where the result would be below the smallest normal
/// float. 2^x = 2^n 2^r with n = round(x).
template <class Element>
HWY_INLINE Floats exponential2(Floats x) {
  const FloatTag d;
  const hn::RebindToSigned<FloatTag> di;
  // Adding 1.5 * 2^23 leaves the rounded integer in the lowest bits.
  const Floats kRound = broadcast(12582912.0F);
  const Floats shifted = hn::Add(x, kRound);
  const Floats p = fraction_exponential2<Element>(hn::Sub(x, hn::Sub(shifted, kRound)));
  const auto exponent = hn::ShiftLeft<23>(hn::BitCast(di, shifted));
  const Floats scaled = hn::BitCast(d, hn::Add(hn::BitCast(di, p), exponent));
  // NaN stays: it is not below.
  return hn::IfThenZeroElse(hn::Lt(x, broadcast(-126)), scaled);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
