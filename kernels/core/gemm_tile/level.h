#pragma once

namespace kernels {

/// Instruction sets that the products are written for, each of which includes those before it.
enum class GemmLevel { kPortable, kAvx2, kAvx512, kAvx512Bf16, kAmxBf16 };

inline constexpr GemmLevel kHighestGemmLevel = GemmLevel::kAmxBf16;

/// "AVX-512 BF16".
const char* name_of(GemmLevel level);

/// The highest level of this machine.
GemmLevel best_gemm_level();

/// The level in use: the machine's, or the limit where that is lower.
GemmLevel gemm_level();

/// For tests: never go above `limit` from now on, in all threads. Workspace sizes follow the level.
void limit_gemm_level(GemmLevel limit);

}  // namespace kernels
