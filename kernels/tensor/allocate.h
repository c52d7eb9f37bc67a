#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

namespace kernels {

/// Workspace and results: uninitialized, of the dtype and device of `like`.
inline at::Tensor allocate(const at::Tensor& like, at::IntArrayRef sizes) {
  return at::empty(sizes, like.options().requires_grad(false));
}
inline at::Tensor allocate_like(const at::Tensor& like) {
  return allocate(like, like.sizes());
}
inline at::Tensor allocate_floats(const at::Tensor& like, int64_t count) {
  return at::empty({count}, like.options().dtype(at::kFloat).requires_grad(false));
}
inline at::Tensor allocate_doubles(const at::Tensor& like, int64_t count) {
  return at::empty({count}, like.options().dtype(at::kDouble).requires_grad(false));
}
inline at::Tensor allocate_bytes(const at::Tensor& like, int64_t count) {
  return at::empty({count}, like.options().dtype(at::kByte).requires_grad(false));
}

}  // namespace kernels
