#include "kernels/core/gemm_tile/level.h"

#include <algorithm>
#include <atomic>

namespace kernels {
namespace {

GemmLevel detect() {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512dq");
  if (avx512 && __builtin_cpu_supports("avx512bf16")) return GemmLevel::kAvx512Bf16;
  if (avx512) return GemmLevel::kAvx512;
  return avx2 ? GemmLevel::kAvx2 : GemmLevel::kPortable;
}

std::atomic<GemmLevel> level_limit{GemmLevel::kAvx512Bf16};

}  // namespace

GemmLevel best_gemm_level() {
  static const GemmLevel level = detect();
  return level;
}

GemmLevel gemm_level() {
  return std::min(best_gemm_level(), level_limit.load(std::memory_order_relaxed));
}

void limit_gemm_level(GemmLevel limit) {
  level_limit.store(limit, std::memory_order_relaxed);
}

}  // namespace kernels
