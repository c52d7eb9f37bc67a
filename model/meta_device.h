#pragma once

#include <ATen/core/Tensor.h>

namespace model {

/// Whether this thread's tensors on meta stand for those of a CUDA device rather than of the CPU:
/// set by whoever plans, read where the two take different memory.
inline thread_local bool meta_stands_for_cuda = false;

/// Whether `device` is a CUDA device, or meta stands for one in a plan.
inline bool is_for_cuda(at::Device device) {
  return device.is_meta() ? meta_stands_for_cuda : device.is_cuda();
}

}  // namespace model
