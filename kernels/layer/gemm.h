#pragma once

#include <ATen/core/Tensor.h>

namespace kernels {

/// What a product does with the output's old values.
enum class GemmOutput { kOverwrite, kAccumulate };

/// Matrix products of kernels/gemm/ into preallocated outputs, with at::get_num_threads() threads;
/// the bits do not depend on that number. bfloat16 is summed in float and rounded once.
/// Operands are 2-D and contiguous. Workspace is a tensor that lives as long as the call.
/// On the meta device nothing is computed, but as much workspace is allocated as on the device
/// that it stands for. On CUDA the products are queued on the current stream.

/// out [m, n] = a [m, k] * b[n, k]ᵀ: a dense layer, with the weight as PyTorch stores it.
void gemm_nt(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b);
/// out [m, n] (+)= a [m, k] * b [k, n]: the gradient of a dense layer's input.
void gemm_nn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b,
             GemmOutput output = GemmOutput::kOverwrite);
/// out [m, n] = a[k, m]ᵀ * b [k, n]: the gradient of a dense layer's weight.
void gemm_tn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b);

/// The same for each of a batch of matrices; operands are 3-D and contiguous.
void batched_gemm_nt(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b);
void batched_gemm_nn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b);
void batched_gemm_tn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b);

}  // namespace kernels
