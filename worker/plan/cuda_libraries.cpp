#include "worker/plan/cuda_libraries.h"

#include "worker/device/devices.h"
#if defined(BENCH_CUDA)
#include <ATen/cuda/CUDAContextLight.h>
#endif

namespace worker {

int64_t cublas_workspace_bytes() {
#if defined(BENCH_CUDA)
  if (absence_of("cuda").empty()) return static_cast<int64_t>(at::cuda::getChosenWorkspaceSize());
#endif
  return kCublasWorkspaceBytes;
}

}  // namespace worker
