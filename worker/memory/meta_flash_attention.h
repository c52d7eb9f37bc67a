#pragma once

#include <optional>
#include <tuple>

#include <ATen/core/Tensor.h>

namespace worker {

/// aten::_scaled_dot_product_flash_attention_for_cpu on meta: output and log-sum-exp, and a buffer
/// for each thread as the CPU's kernel takes it for fp32 (aten/src/ATen/native/cpu/
/// FlashAttentionKernel.cpp; no packing, which half precision alone has). In a plan for CUDA it
/// stands for CUDA's kernel: log-sum-exp [batch, heads, sequence] in fp32, no threads' buffers.
std::tuple<at::Tensor, at::Tensor> meta_flash_attention(
    const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, double dropout_p,
    bool is_causal, const std::optional<at::Tensor>& mask, std::optional<double> scale);

/// Its backward: gradients of query, key and value, and the threads' buffers; for CUDA one fp32 sum
/// for each row of queries instead.
std::tuple<at::Tensor, at::Tensor, at::Tensor> meta_flash_attention_backward(
    const at::Tensor& d_output, const at::Tensor& query, const at::Tensor& key,
    const at::Tensor& value, const at::Tensor& output, const at::Tensor& logsumexp,
    double dropout_p, bool is_causal, const std::optional<at::Tensor>& mask,
    std::optional<double> scale);

}  // namespace worker
