#pragma once

#include <array>
#include <optional>
#include <tuple>

#include <ATen/core/Tensor.h>

namespace worker {

using FourTensors = std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor>;

/// aten::_scaled_dot_product_efficient_attention on meta: output, log-sum-exp, and the generator's
/// seed and offset, which lie on the host. Allocates what LibTorch's kernel for sm_80 to sm_90
/// does (CUTLASS's memory-efficient attention, ATen/native/transformers/cuda/mem_eff_attention).
FourTensors meta_fused_attention(const at::Tensor& query, const at::Tensor& key,
                                 const at::Tensor& value, const std::optional<at::Tensor>& mask,
                                 bool compute_logsumexp, double dropout, bool causal,
                                 std::optional<double> scale);

/// aten::_scaled_dot_product_efficient_attention_backward on meta: gradients of query, key and
/// value, and none of the mask. Of kernels for one head dim it takes the one with the largest
/// blocks, as devices do whose blocks may use 160 KiB of shared memory.
FourTensors meta_fused_attention_backward(const at::Tensor& d_output, const at::Tensor& query,
                                          const at::Tensor& key, const at::Tensor& value,
                                          const at::Tensor& mask, const at::Tensor& output,
                                          const at::Tensor& logsumexp, const at::Tensor& seed,
                                          const at::Tensor& offset, double dropout,
                                          std::array<bool, 4> needed, bool causal,
                                          std::optional<double> scale);

}  // namespace worker
