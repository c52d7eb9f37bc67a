#include "kernels/layer/gemm.h"

#include <source_location>
#include <type_traits>

#include <ATen/Parallel.h>

#include "kernels/gemm/gemm.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace kernels {
namespace {

/// The last two dimensions are the matrix; one before them, if any, is the batch.
template <class T>
GemmOperand<T> operand(const at::Tensor& tensor, GemmOp op) {
  return {.data = tensor.is_meta() ? nullptr : data<T>(tensor),
          .row_stride = tensor.size(-1),
          .op = op,
          .outer_stride = tensor.size(-2) * tensor.size(-1),
          .inner_stride = 0};
}

template <class T>
Gemm<T> describe(const at::Tensor& out, const GemmOperand<T>& a, const GemmOperand<T>& b, int64_t k,
                 GemmOutput output) {
  Gemm<T> args;
  args.m = out.size(-2);
  args.n = out.size(-1);
  args.k = k;
  args.a = a;
  args.b = b;
  args.c = out.is_meta() ? nullptr : data<T>(out);
  args.c_row_stride = out.size(-1);
  args.c_outer_stride = out.size(-2) * out.size(-1);
  args.outer = out.dim() == 3 ? out.size(0) : 1;
  args.beta = output == GemmOutput::kAccumulate ? 1 : 0;
  args.threads = at::get_num_threads();
  return args;
}

void multiply(const at::Tensor& out, const at::Tensor& a, GemmOp a_op, const at::Tensor& b,
              GemmOp b_op, GemmOutput output = GemmOutput::kOverwrite,
              const std::source_location& where = std::source_location::current()) {
  const int64_t k = a.size(a_op == GemmOp::kNone ? -1 : -2);
  const auto product = [&]<class T>(std::type_identity<T>) {
    return describe(out, operand<T>(a, a_op), operand<T>(b, b_op), k, output);
  };
  if (out.is_meta()) {
    if (takes_cuda_workspace(out)) {
      allocate_bytes(out, kCudaGemmWorkspaceBytes);
      return;
    }
    CpuElements::with(out.scalar_type(), [&]<class T>() {
      allocate_bytes(out, gemm_workspace_bytes(product(std::type_identity<T>())));
    });
    return;
  }
  run_operator(
      out,
      [&]<class T>(auto... stream) {
        Gemm<T> args = product(std::type_identity<T>());
        const at::Tensor workspace = allocate_bytes(out, gemm_workspace_bytes(args, stream...));
        args.workspace = workspace.data_ptr();
        gemm(args, stream...);
      },
      2 * out.numel() * k, where);
}

}  // namespace

void gemm_nt(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply(out, a, GemmOp::kNone, b, GemmOp::kTranspose);
}

void gemm_nn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b, GemmOutput output) {
  multiply(out, a, GemmOp::kNone, b, GemmOp::kNone, output);
}

void gemm_tn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply(out, a, GemmOp::kTranspose, b, GemmOp::kNone);
}

void batched_gemm_nt(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply(out, a, GemmOp::kNone, b, GemmOp::kTranspose);
}

void batched_gemm_nn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply(out, a, GemmOp::kNone, b, GemmOp::kNone);
}

void batched_gemm_tn(const at::Tensor& out, const at::Tensor& a, const at::Tensor& b) {
  multiply(out, a, GemmOp::kTranspose, b, GemmOp::kNone);
}

}  // namespace kernels
