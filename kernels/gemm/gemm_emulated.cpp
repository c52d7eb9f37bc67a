// The products of CUDA's library where tests run CUDA's kernels on the CPU.

#include "kernels/core/float16.h"
#include "kernels/gemm/cuda_gemm.h"
#include "kernels/gemm/reference.h"

namespace kernels {

template <class T>
int64_t gemm_workspace_bytes(const Gemm<T>& /*args*/, CudaStream /*stream*/) {
  return 0;
}

template <class T>
void gemm(const Gemm<T>& args, CudaStream /*stream*/) {
  check_cuda_gemm(args);
  gemm_reference(args);
}

template int64_t gemm_workspace_bytes(const Gemm<float>&, CudaStream);
template int64_t gemm_workspace_bytes(const Gemm<float16>&, CudaStream);
template int64_t gemm_workspace_bytes(const Gemm<bfloat16>&, CudaStream);
template void gemm(const Gemm<float>&, CudaStream);
template void gemm(const Gemm<float16>&, CudaStream);
template void gemm(const Gemm<bfloat16>&, CudaStream);

}  // namespace kernels
