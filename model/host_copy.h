#pragma once

#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

namespace model {

/// A tensor of `options` with the values of `host`, whose elements are `host_type`. On the meta
/// device nothing is copied; to CUDA the copy is queued, and nobody waits for the device.
template <class T>
at::Tensor tensor_of(std::vector<T>& host, at::ScalarType host_type, at::IntArrayRef sizes,
                     const at::TensorOptions& options) {
  at::Tensor tensor = at::empty(sizes, options);
  if (tensor.is_meta()) return tensor;
  const at::Tensor values = at::from_blob(host.data(), sizes, host_type);
  // From other than pinned memory, or of another type, LibTorch would wait for the copy.
  return tensor.is_cuda()
             ? tensor.copy_(values.to(tensor.scalar_type()).pin_memory(), /*non_blocking=*/true)
             : tensor.copy_(values);
}

}  // namespace model
