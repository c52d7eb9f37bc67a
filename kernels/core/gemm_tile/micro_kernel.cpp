#include "kernels/core/gemm_tile/micro_kernel.h"

#include "kernels/core/bfloat16.h"

namespace kernels {

template <>
const MicroKernel& micro_kernel<float>(GemmLevel level) {
  if (level >= GemmLevel::kAvx512) return avx512_float_kernel();
  return level == GemmLevel::kAvx2 ? avx2_float_kernel() : portable_float_kernel();
}

template <>
const MicroKernel& micro_kernel<bfloat16>(GemmLevel level) {
  if (level == GemmLevel::kAmxBf16) return amx_bf16_bfloat16_kernel();
  if (level == GemmLevel::kAvx512Bf16) return avx512_bf16_bfloat16_kernel();
  if (level == GemmLevel::kAvx512) return avx512_bfloat16_kernel();
  return level == GemmLevel::kAvx2 ? avx2_bfloat16_kernel() : portable_bfloat16_kernel();
}

}  // namespace kernels
