#pragma once

// GELU and its derivative in float; formulas in gelu.h, polynomial and limits as in gelu-inl.h.

#include "kernels/core/device.cuh"
#include "kernels/core/gelu.h"

namespace kernels {

struct GeluParts {
  float share;       ///< gelu(x) / x: the normal distribution function, or its tanh form
  float derivative;  ///< d gelu / d x
};

/// Phi(-z) = exp(-z^2 / 2) t P(t) with t = 1 / (1 + 0.3 z), z >= 0.
__device__ __forceinline__ float normal_tail(float z, float exp_minus_half_square) {
  const float t = fast_quotient(1, fmaf(z, 0.3F, 1.0F));
  float p = -0.0205789942F;
  p = fmaf(p, t, 0.112185216F);
  p = fmaf(p, t, -0.227601462F);
  p = fmaf(p, t, 0.190933302F);
  p = fmaf(p, t, -0.0786829586F);
  p = fmaf(p, t, 0.0957397678F);
  p = fmaf(p, t, 0.0785413793F);
  p = fmaf(p, t, 0.110201117F);
  p = fmaf(p, t, 0.11957618F);
  p = fmaf(p, t, 0.119686452F);
  return p * t * exp_minus_half_square;
}

/// share = Phi(x);  derivative = Phi(x) + x phi(x).
__device__ __forceinline__ GeluParts erf_gelu(float x) {
  constexpr float kInverseRootTwoPi = 0.398942280F;
  const float density = expf(-0.5F * x * x);
  const float tail = normal_tail(fabsf(x), density);
  const float phi = x < 0 ? tail : 1 - tail;
  return {phi, fmaf(x * kInverseRootTwoPi, density, phi)};
}

/// 0.5 (1 + tanh(u)) = s = 1 / (1 + exp(-2 u));  derivative = s + x s (1 - s) 2 u'.
/// Beyond |x| = 10 both have reached their limits, and exp its largest float.
__device__ __forceinline__ GeluParts tanh_gelu(float x) {
  constexpr float kTwiceRootTwoOverPi = 1.595769122F;
  constexpr float kCubic = 0.044715F;
  const float clamped = fminf(fmaxf(x, -10.0F), 10.0F);
  const float square = clamped * clamped;
  const float e = expf(clamped * -kTwiceRootTwoOverPi * fmaf(square, kCubic, 1.0F));
  const float s = fast_quotient(1, e + 1);
  const float slope = fmaf(square, 3 * kCubic * kTwiceRootTwoOverPi, kTwiceRootTwoOverPi);
  // 1 - s = e s without cancellation.
  return {s, fmaf(x * s * (e * s), slope, s)};
}

template <Gelu kGelu>
__device__ __forceinline__ GeluParts gelu_parts(float x) {
  return kGelu == Gelu::kErf ? erf_gelu(x) : tanh_gelu(x);
}

}  // namespace kernels
