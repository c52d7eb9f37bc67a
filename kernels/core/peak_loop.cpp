// Peaks are measured in assembly, so that nothing depends on what a compiler makes of a loop whose
// result nobody reads. 14 independent sums hide the latency of two units of 6 cycles each, and
// leave two of the 16 registers that AVX2 has for the factors. The factors' product is too small to
// change a sum above 2^14, so that no sum overflows; they are not zero, as zeros would draw less
// power and let the processor clock higher than it does on numbers.

#include "kernels/core/peak_loop.h"

#include <algorithm>
#include <iterator>

#include "kernels/core/best_time.h"
#include "kernels/core/bfloat16.h"
#include "kernels/core/gemm_tile/amx_tiles.h"
#include "kernels/core/gemm_tile/level.h"

namespace kernels {
namespace {

/// Some 2 ms, so that the best run is one that nothing else on the machine interrupted.
constexpr int64_t kVectorIterations = int64_t{1} << 19;
constexpr int64_t kTileIterations = int64_t{1} << 16;
constexpr double kMeasuredSeconds = 0.25;
constexpr float kFactors[] = {0.03125F, 0.015625F};

#define BENCH_REPEAT_7(a, b) a "0" b a "1" b a "2" b a "3" b a "4" b a "5" b a "6" b
#define BENCH_REPEAT_NEXT_7(a, b) a "7" b a "8" b a "9" b a "10" b a "11" b a "12" b a "13" b
#define BENCH_SIXTEEN_REGISTERS                                                            \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
      "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"

/// Sums 0 .. 13 from zero, `instruction` on each of them and both factors, `iterations` times.
#define BENCH_VECTOR_LOOP(instruction, width) \
  asm volatile(BENCH_REPEAT_7("vpxor %%xmm15, %%xmm15, %%xmm", "\n\t")                         \
                   BENCH_REPEAT_NEXT_7("vpxor %%xmm15, %%xmm15, %%xmm", "\n\t")                \
               "vbroadcastss (%1), %%" width "14\n\t"                                          \
               "vbroadcastss 4(%1), %%" width "15\n"                                           \
               "1:\n\t" BENCH_REPEAT_7(instruction " %%" width "14, %%" width "15, %%" width, "\n\t") \
                   BENCH_REPEAT_NEXT_7(instruction " %%" width "14, %%" width "15, %%" width, "\n\t") \
               "dec %0\n\t"                                                                    \
               "jnz 1b\n\t"                                                                    \
               "vzeroupper"                                                                    \
               : "+r"(iterations)                                                              \
               : "r"(kFactors)                                                                 \
               : "cc", "memory", BENCH_SIXTEEN_REGISTERS)

/// Four sums of 16 x 16 hide the latency of one unit; the factors are pairs of bfloat16.
void amx_bf16_loop(int64_t iterations) {
  alignas(64) static constexpr amx::TileConfig kConfig;
  alignas(64) uint16_t factors[amx::kTileBytes / sizeof(uint16_t)];
  std::fill(std::begin(factors), std::end(factors), to_bfloat16(kFactors[0]).bits);
  asm volatile(
      "ldtilecfg %[config]\n\t"
      "tileloadd (%[factors], %[stride], 1), %%tmm4\n\t"
      "tileloadd (%[factors], %[stride], 1), %%tmm5\n\t"
      "tileloadd (%[factors], %[stride], 1), %%tmm6\n\t"
      "tileloadd (%[factors], %[stride], 1), %%tmm7\n"
      "1:\n\t"
      "tdpbf16ps %%tmm6, %%tmm4, %%tmm0\n\t"
      "tdpbf16ps %%tmm7, %%tmm4, %%tmm1\n\t"
      "tdpbf16ps %%tmm6, %%tmm5, %%tmm2\n\t"
      "tdpbf16ps %%tmm7, %%tmm5, %%tmm3\n\t"
      "dec %[iterations]\n\t"
      "jnz 1b\n\t"
      "tilerelease"
      : [iterations] "+r"(iterations)
      : [config] "m"(kConfig), [factors] "r"(factors), [stride] "r"(amx::kRowBytes)
      : "cc", "memory");
}
void avx512_bf16_loop(int64_t iterations) {
  BENCH_VECTOR_LOOP("vdpbf16ps", "zmm");
}
void avx512_loop(int64_t iterations) {
  BENCH_VECTOR_LOOP("vfmadd231ps", "zmm");
}
void avx2_loop(int64_t iterations) {
  BENCH_VECTOR_LOOP("vfmadd231ps", "ymm");
}
/// Seven products and seven sums: any x86-64 has these, and no multiply-add.
void portable_loop(int64_t iterations) {
  asm volatile("xorps %%xmm14, %%xmm14\n\t" BENCH_REPEAT_7("movaps %%xmm14, %%xmm", "\n\t")
                   BENCH_REPEAT_NEXT_7("movaps %%xmm14, %%xmm", "\n\t")
               "movss (%1), %%xmm14\n\t"
               "shufps $0, %%xmm14, %%xmm14\n\t"
               "movaps %%xmm14, %%xmm15\n"
               "1:\n\t" BENCH_REPEAT_7("mulps %%xmm15, %%xmm", "\n\t")
                   BENCH_REPEAT_NEXT_7("addps %%xmm14, %%xmm", "\n\t")
               "dec %0\n\t"
               "jnz 1b"
               : "+r"(iterations)
               : "r"(kFactors)
               : "cc", "memory", BENCH_SIXTEEN_REGISTERS);
}

#undef BENCH_REPEAT_7
#undef BENCH_REPEAT_NEXT_7
#undef BENCH_SIXTEEN_REGISTERS
#undef BENCH_VECTOR_LOOP

}  // namespace

PeakLoop PeakLoop::fp32() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) {
    return {"vfmadd231ps zmm", &avx512_loop, 14 * 16 * 2, kVectorIterations};
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return {"vfmadd231ps ymm", &avx2_loop, 14 * 8 * 2, kVectorIterations};
  }
  return {"mulps and addps", &portable_loop, 14 * 4, kVectorIterations};
}

std::optional<PeakLoop> PeakLoop::bf16() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bf16")) return {};
  if (best_gemm_level() >= GemmLevel::kAmxBf16) {
    return PeakLoop{"tdpbf16ps tmm", &amx_bf16_loop, 4 * 16 * 16 * 64, kTileIterations};
  }
  return PeakLoop{"vdpbf16ps zmm", &avx512_bf16_loop, 14 * 16 * 4, kVectorIterations};
}

void PeakLoop::run(int64_t flops, int threads) const {
  const int team = std::max(threads, 1);
  const int64_t step = flops_ * team;
  const int64_t iterations = std::max<int64_t>((flops + step - 1) / step, 1);
#pragma omp parallel num_threads(team)
  loop_(iterations);
}

double PeakLoop::flops_per_second(int threads) const {
  const int64_t flops = measured_iterations_ * flops_ * std::max(threads, 1);
  return static_cast<double>(flops) / best_time(kMeasuredSeconds, [&] { run(flops, threads); });
}

}  // namespace kernels
