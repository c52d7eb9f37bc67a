#pragma once

#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

namespace model {

/// A tensor of `options` with the values of `host`, whose elements are `host_type`. On the meta
/// device nothing is copied.
template <class T>
at::Tensor tensor_of(std::vector<T>& host, at::ScalarType host_type, at::IntArrayRef sizes,
                     const at::TensorOptions& options) {
  at::Tensor tensor = at::empty(sizes, options);
  if (!tensor.is_meta()) tensor.copy_(at::from_blob(host.data(), sizes, host_type));
  return tensor;
}

}  // namespace model
