// exp on vectors of float.

#include <hwy/contrib/math/math-inl.h>

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

/// Within 1 ulp for x <= 104; 0 below -104.
HWY_INLINE Floats exponential(Floats x) {
  return hn::Exp(FloatTag(), x);
}

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
