#include "apps/bench_kernels/peak.h"

#include <utility>

#include <benchmark/benchmark.h>
#include <immintrin.h>
#include <omp.h>

#include "apps/bench_kernels/best_time.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "apps/bench_kernels/peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace apps {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using Vector = hn::Vec<Tag>;

/// Sums in flight at a time: more than the latency of a multiply-add times the units that do them,
/// few enough for 16 registers.
inline constexpr int kFmaSums = 12;

template <int... kIndex>
HWY_INLINE void multiply_add(Vector (&sums)[kFmaSums], Vector factor, Vector addend,
                             std::integer_sequence<int, kIndex...>) {
  ((sums[kIndex] = hn::MulAdd(sums[kIndex], factor, addend)), ...);
}

/// Returns something that depends on every sum. The sums tend to 2.
float run_fma(int64_t steps) {
  const Tag d;
  const Vector factor = hn::Set(d, 0.5F);
  const Vector addend = hn::Set(d, 1.0F);
  Vector sums[kFmaSums];
  for (int i = 0; i < kFmaSums; ++i) sums[i] = hn::Set(d, static_cast<float>(i));
  for (int64_t step = 0; step < steps; ++step) {
    multiply_add(sums, factor, addend, std::make_integer_sequence<int, kFmaSums>());
  }
  Vector total = sums[0];
  for (int i = 1; i < kFmaSums; ++i) total = hn::Add(total, sums[i]);
  return hn::GetLane(total);
}

int64_t fma_step_flops() {
  return 2 * kFmaSums * static_cast<int64_t>(hn::Lanes(Tag()));
}

}  // namespace HWY_NAMESPACE
}  // namespace apps
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace apps {

HWY_EXPORT(run_fma);
HWY_EXPORT(fma_step_flops);

namespace {

float run_multiply_adds(int64_t steps) {
  return HWY_DYNAMIC_DISPATCH(run_fma)(steps);
}

constexpr int kDotSums = 16;

template <int... kIndex>
[[gnu::target("avx512f,avx512bf16"), gnu::always_inline]] inline void dot_add(
    __m512 (&sums)[kDotSums], __m512bh a, __m512bh b, std::integer_sequence<int, kIndex...>) {
  ((sums[kIndex] = _mm512_dpbf16_ps(sums[kIndex], a, b)), ...);
}

/// Products of pairs of bfloat16 added to sums in float. The factors are 0: the time is the same.
[[gnu::target("avx512f,avx512bf16")]] float run_dpbf16(int64_t steps) {
  const auto zero = reinterpret_cast<__m512bh>(_mm512_setzero_si512());
  __m512 sums[kDotSums];
  for (int i = 0; i < kDotSums; ++i) sums[i] = _mm512_set1_ps(static_cast<float>(i));
  for (int64_t step = 0; step < steps; ++step) {
    dot_add(sums, zero, zero, std::make_integer_sequence<int, kDotSums>());
  }
  __m512 total = sums[0];
  for (int i = 1; i < kDotSums; ++i) total = _mm512_add_ps(total, sums[i]);
  return _mm512_cvtss_f32(total);
}

bool has_dpbf16() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bf16");
}

constexpr int64_t kDotStepFlops = 2 * kDotSums * 32;
constexpr int64_t kMeasuredFlops = 100'000'000;

}  // namespace

Peak::Peak(at::ScalarType dtype)
    : instruction_("fp32 multiply-add"),
      step_flops_(HWY_DYNAMIC_DISPATCH(fma_step_flops)()),
      loop_(run_multiply_adds) {
  if (dtype == at::kBFloat16 && has_dpbf16()) {
    instruction_ = "vdpbf16ps";
    step_flops_ = kDotStepFlops;
    loop_ = run_dpbf16;
  }
  rate_ = static_cast<double>(kMeasuredFlops) / best_time([&] { run(kMeasuredFlops); });
}

void Peak::run(int64_t flops) const {
  const int64_t step = step_flops_ * omp_get_max_threads();
  const int64_t steps = (flops + step - 1) / step;
#pragma omp parallel
  {
    float sum = loop_(steps);
    benchmark::DoNotOptimize(sum);
  }
}

}  // namespace apps
#endif  // HWY_ONCE
