// exp on vectors of float.

#include "kernels/core/vector-inl.h"

#if defined(KERNELS_CORE_EXP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_CORE_EXP_INL_H_
#undef KERNELS_CORE_EXP_INL_H_
#else
#define KERNELS_CORE_EXP_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

/// exp for x <= 88, within 1.5 ulp; 0 where the result would be below the smallest normal float.
/// Half the work of Highway's own, which also covers denormal results.
///
/// exp(x) = 2^n exp(r) with n = round(x / ln 2) and r = x - n ln 2, and exp(r) the polynomial of
/// degree 6 with the least maximal relative error (1.9e-9) for |r| <= ln(2) / 2.
HWY_INLINE Floats exponential(Floats x) {
  const FloatTag d;
  const hn::RebindToSigned<FloatTag> di;
  constexpr float kSmallest = -87.33654F;
  constexpr float kLog2E = 1.44269504F;
  // Adding 1.5 * 2^23 leaves the rounded integer in the lowest bits.
  const Floats kRound = broadcast(12582912.0F);
  const Floats shifted = hn::MulAdd(x, broadcast(kLog2E), kRound);
  const Floats n = hn::Sub(shifted, kRound);
  // ln 2 in two parts, the first short enough for n times it to be exact.
  Floats r = hn::NegMulAdd(n, broadcast(0.693145752F), x);
  r = hn::NegMulAdd(n, broadcast(1.42860677e-6F), r);
  Floats p = broadcast(0.00138368441F);
  p = hn::MulAdd(p, r, broadcast(0.00837481733F));
  p = hn::MulAdd(p, r, broadcast(0.0416682257F));
  p = hn::MulAdd(p, r, broadcast(0.166664202F));
  p = hn::MulAdd(p, r, broadcast(0.499999921F));
  p = hn::MulAdd(p, r, broadcast(1.00000004F));
  p = hn::MulAdd(p, r, broadcast(1));
  const auto exponent = hn::ShiftLeft<23>(hn::BitCast(di, shifted));
  const Floats scaled = hn::BitCast(d, hn::Add(hn::BitCast(di, p), exponent));
  // NaN stays: it is not below.
  return hn::IfThenZeroElse(hn::Lt(x, broadcast(kSmallest)), scaled);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
