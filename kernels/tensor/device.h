#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/core/cuda_stream.h"
#include "model/meta_device.h"

namespace kernels {

/// Whether the operators' CUDA forms are part of this build (BENCH_CUDA). Whoever builds them says
/// by the two functions below which tensors they are for: a CUDA device's, or under the emulator
/// the CPU's.
#if defined(BENCH_CUDA)
inline constexpr bool kHasCuda = true;
#else
inline constexpr bool kHasCuda = false;
#endif

bool is_cuda_device(at::Device device);
/// The stream that work on `device` is queued on now.
CudaStream current_stream(at::Device device);

/// Whether operators run on `device` by their CUDA forms.
inline bool runs_on_cuda(at::Device device) {
  if constexpr (kHasCuda) {
    return is_cuda_device(device);
  } else {
    return false;
  }
}

/// Whether operators on `tensor` take the workspace of their CUDA forms: on CUDA, and in a plan for
/// it (no plan for the CPU holds half).
inline bool takes_cuda_workspace(const at::Tensor& tensor) {
  if (!tensor.is_meta()) return runs_on_cuda(tensor.device());
  return model::meta_stands_for_cuda || tensor.scalar_type() == at::kHalf;
}

}  // namespace kernels
