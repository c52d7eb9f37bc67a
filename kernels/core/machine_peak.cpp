// Peaks are measured in assembly, so that nothing depends on what a compiler makes of a loop whose
// result nobody reads. 14 independent sums hide the latency of two units of 6 cycles each, and
// leave two of the 16 registers that AVX2 has for the factors. The factors' product is too small to
// change a sum above 2^14, so that no sum overflows; they are not zero, as zeros would draw less
// power and let the processor clock higher than it does on numbers.

#include "kernels/core/machine_peak.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include <omp.h>
#include <sys/mman.h>

namespace kernels {
namespace {

/// Short and many: the best run is one that nothing else on the machine interrupted.
constexpr int kRuns = 30;
constexpr int64_t kIterations = int64_t{1} << 19;
constexpr int kCopies = 6;
constexpr std::size_t kCopyBytes = std::size_t{128} << 20;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
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

/// A loop over registers, and the FLOPs of one iteration.
struct Loop {
  void (*run)(int64_t iterations);
  int64_t flops;
};

Loop fp32_loop() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return {&avx512_loop, 14 * 16 * 2};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    return {&avx2_loop, 14 * 8 * 2};
  }
  return {&portable_loop, 14 * 4};
}

bool has_bf16() {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bf16");
}

/// The least seconds that `threads` threads take for body(thread, team) in `runs` runs.
template <class Body>
double best_seconds(int threads, int runs, const Body& body) {
  using Clock = std::chrono::steady_clock;
  double best = 1e30;
  for (int run = 0; run < runs; ++run) {
    const auto begin = Clock::now();
#pragma omp parallel num_threads(threads)
    body(omp_get_thread_num(), omp_get_num_threads());
    best = std::min(best, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return best;
}

double flops_per_second(const Loop& loop, int threads) {
  const double seconds = best_seconds(threads, kRuns, [&](int, int) { loop.run(kIterations); });
  return static_cast<double>(loop.flops) * static_cast<double>(kIterations) * threads / seconds;
}

struct Free {
  void operator()(char* memory) const { std::free(memory); }
};
using Buffer = std::unique_ptr<char, Free>;

Buffer allocate_buffer() {
  Buffer buffer(static_cast<char*>(std::aligned_alloc(kHugePage, kCopyBytes)));
  if (!buffer) throw std::bad_alloc();
  // A hint: without it the copy walks through 4 KiB pages, and the first pass faults each of them.
  ::madvise(buffer.get(), kCopyBytes, MADV_HUGEPAGE);
  return buffer;
}

double copy_bytes_per_second(int threads) {
  const Buffer source = allocate_buffer();
  const Buffer target = allocate_buffer();
  const auto each_part = [&](int thread, int team, const auto& action) {
    const std::size_t begin =
        kCopyBytes * static_cast<std::size_t>(thread) / static_cast<std::size_t>(team);
    const std::size_t end =
        kCopyBytes * static_cast<std::size_t>(thread + 1) / static_cast<std::size_t>(team);
    action(begin, end - begin);
  };
  // The first of the runs also touches the target's pages for the first time.
#pragma omp parallel num_threads(threads)
  each_part(omp_get_thread_num(), omp_get_num_threads(), [&](std::size_t begin, std::size_t size) {
    std::memset(source.get() + begin, 1, size);
  });
  const double seconds = best_seconds(threads, kCopies, [&](int thread, int team) {
    each_part(thread, team, [&](std::size_t begin, std::size_t size) {
      std::memcpy(target.get() + begin, source.get() + begin, size);
    });
  });
  return 2 * static_cast<double>(kCopyBytes) / seconds;
}

}  // namespace

MachinePeak measure_machine_peak(int threads) {
  const int team = std::max(threads, 1);
  MachinePeak peak;
  peak.fp32_flops_per_second = flops_per_second(fp32_loop(), team);
  if (has_bf16()) {
    constexpr Loop kBf16Loop = {&avx512_bf16_loop, 14 * 16 * 4};
    peak.bf16_flops_per_second = flops_per_second(kBf16Loop, team);
  }
  peak.copy_bytes_per_second = copy_bytes_per_second(team);
  return peak;
}

}  // namespace kernels
