#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

namespace worker {

/// [batch, heads, sequence, head_dim] as `like`, of `dtype`, whose memory is
/// [batch, sequence, heads, head_dim]: what LibTorch's fused attention writes.
inline at::Tensor sequence_major(const at::Tensor& like, at::ScalarType dtype) {
  return at::empty({like.size(0), like.size(2), like.size(1), like.size(3)},
                   like.options().dtype(dtype))
      .transpose(1, 2);
}
inline at::Tensor sequence_major(const at::Tensor& like) {
  return sequence_major(like, like.scalar_type());
}

}  // namespace worker
