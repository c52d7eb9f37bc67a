#include "kernels/core/gemm_tile/level.h"

#include <algorithm>
#include <atomic>

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace kernels {
namespace {

/// The processor has tiles of bfloat16, and the kernel lets this process use them (Linux keeps the
/// 8 KiB of a thread's tiles from processes that have not asked:
/// Documentation/arch/x86/xstate.rst).
bool has_bfloat16_tiles() {
  constexpr unsigned kBfloat16Tiles = (1U << 22U) | (1U << 24U);
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long kTileData = 18;               // XFEATURE_XTILEDATA
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
  return (edx & kBfloat16Tiles) == kBfloat16Tiles &&
         syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

GemmLevel detect() {
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512dq");
  if (avx512 && __builtin_cpu_supports("avx512bf16")) {
    return has_bfloat16_tiles() ? GemmLevel::kAmxBf16 : GemmLevel::kAvx512Bf16;
  }
  if (avx512) return GemmLevel::kAvx512;
  return avx2 ? GemmLevel::kAvx2 : GemmLevel::kPortable;
}

std::atomic<GemmLevel> level_limit{kHighestGemmLevel};

}  // namespace

const char* name_of(GemmLevel level) {
  switch (level) {
    case GemmLevel::kPortable:
      return "portable";
    case GemmLevel::kAvx2:
      return "AVX2";
    case GemmLevel::kAvx512:
      return "AVX-512";
    case GemmLevel::kAvx512Bf16:
      return "AVX-512 BF16";
    case GemmLevel::kAmxBf16:
      return "AMX BF16";
  }
  return "";
}

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
