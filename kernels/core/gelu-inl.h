// GELU and its derivative on vectors of float; formulas in gelu.h.

#include "kernels/core/exp-inl.h"
#include "kernels/core/gelu.h"
#include "kernels/core/vector-inl.h"

#if defined(KERNELS_CORE_GELU_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef KERNELS_CORE_GELU_INL_H_
#undef KERNELS_CORE_GELU_INL_H_
#else
#define KERNELS_CORE_GELU_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

struct GeluParts {
  Floats share;       ///< gelu(x) / x: the normal distribution function, or its tanh form
  Floats derivative;  ///< d gelu / d x
};

/// Phi(-z) = exp(-z^2 / 2) t P(t) with t = 1 / (1 + 0.3 z), z >= 0. P is the polynomial of degree 9
/// with the least maximal relative error (3.4e-9) for z in [0, 13.2], beyond which Phi(-z) is 0 in
/// float (Remez exchange against erfc in long double).
HWY_INLINE Floats normal_tail(Floats z, Floats exp_minus_half_square) {
  const Floats t = hn::Div(broadcast(1), hn::MulAdd(z, broadcast(0.3F), broadcast(1)));
  Floats p = broadcast(-0.0205789942F);
  p = hn::MulAdd(p, t, broadcast(0.112185216F));
  p = hn::MulAdd(p, t, broadcast(-0.227601462F));
  p = hn::MulAdd(p, t, broadcast(0.190933302F));
  p = hn::MulAdd(p, t, broadcast(-0.0786829586F));
  p = hn::MulAdd(p, t, broadcast(0.0957397678F));
  p = hn::MulAdd(p, t, broadcast(0.0785413793F));
  p = hn::MulAdd(p, t, broadcast(0.110201117F));
  p = hn::MulAdd(p, t, broadcast(0.11957618F));
  p = hn::MulAdd(p, t, broadcast(0.119686452F));
  return hn::Mul(hn::Mul(p, t), exp_minus_half_square);
}

/// share = Phi(x);  derivative = Phi(x) + x phi(x).
HWY_INLINE GeluParts erf_gelu(Floats x) {
  const Floats density = exponential(hn::Mul(hn::Mul(x, x), broadcast(-0.5F)));
  const Floats tail = normal_tail(hn::Abs(x), density);
  const Floats phi = hn::IfThenElse(hn::Lt(x, zero()), tail, hn::Sub(broadcast(1), tail));
  constexpr float kInverseRootTwoPi = 0.398942280F;
  return {phi, hn::MulAdd(hn::Mul(x, broadcast(kInverseRootTwoPi)), density, phi)};
}

/// 0.5 (1 + tanh(u)) = s = 1 / (1 + exp(-2 u));  derivative = s + x s (1 - s) 2 u'.
/// Beyond |x| = 10 both have reached their limits, and exp its largest float.
HWY_INLINE GeluParts tanh_gelu(Floats x) {
  constexpr float kTwiceRootTwoOverPi = 1.595769122F;
  constexpr float kCubic = 0.044715F;
  const Floats clamped = hn::Clamp(x, broadcast(-10), broadcast(10));
  const Floats square = hn::Mul(clamped, clamped);
  const Floats minus_twice_u = hn::Mul(hn::Mul(clamped, broadcast(-kTwiceRootTwoOverPi)),
                                       hn::MulAdd(square, broadcast(kCubic), broadcast(1)));
  const Floats e = exponential(minus_twice_u);
  const Floats s = hn::Div(broadcast(1), hn::Add(e, broadcast(1)));
  const Floats slope = hn::MulAdd(square, broadcast(3 * kCubic * kTwiceRootTwoOverPi),
                                  broadcast(kTwiceRootTwoOverPi));
  // 1 - s = e s without cancellation.
  const Floats inner = hn::Mul(hn::Mul(hn::Mul(x, s), hn::Mul(e, s)), slope);
  return {s, hn::Add(s, inner)};
}

template <Gelu kGelu>
HWY_INLINE GeluParts gelu_parts(Floats x) {
  return kGelu == Gelu::kErf ? erf_gelu(x) : tanh_gelu(x);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
