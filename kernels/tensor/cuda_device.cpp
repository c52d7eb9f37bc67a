// The operators' CUDA forms are for the tensors of CUDA devices.

#include <c10/cuda/CUDAStream.h>

#include "kernels/tensor/device.h"

namespace kernels {

bool is_cuda_device(at::Device device) {
  return device.is_cuda();
}

CudaStream current_stream(at::Device device) {
  return c10::cuda::getCurrentCUDAStream(device.index()).stream();
}

}  // namespace kernels
