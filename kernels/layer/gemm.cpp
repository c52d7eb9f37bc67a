#include "kernels/layer/gemm.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/mm.h>

namespace kernels {
namespace {

at::Tensor transposed(const at::Tensor& matrix) {
  return matrix.transpose(-2, -1);
}

void multiply(at::Tensor out, const at::Tensor& a, const at::Tensor& b) {
  if (out.is_meta()) return;
  at::mm_out(out, a, b);
}

void multiply_batch(at::Tensor out, const at::Tensor& a, const at::Tensor& b) {
  if (out.is_meta()) return;
  at::bmm_out(out, a, b);
}

}  // namespace

void gemm_nt(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply(out, a, transposed(b));
}

void gemm_nn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b, GemmOutput output) {
  if (output == GemmOutput::kOverwrite) {
    multiply(out, a, b);
  } else if (!out.is_meta()) {
    at::Tensor sum = out;
    at::addmm_out(sum, sum, a, b);
  }
}

void gemm_tn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply(out, transposed(a), b);
}

void batched_gemm_nt(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply_batch(out, a, transposed(b));
}

void batched_gemm_nn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply_batch(out, a, b);
}

void batched_gemm_tn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply_batch(out, transposed(a), b);
}

}  // namespace kernels
