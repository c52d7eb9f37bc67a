#include "apps/bench_kernels/gemm_call.h"

#include "kernels/gemm/gemm.h"
#include "kernels/tensor/allocate.h"
#include "kernels/tensor/run_operator.h"

namespace apps {
namespace {

using kernels::data;

/// The last two dimensions are the matrix; one before them, if any, is the batch.
template <class T>
kernels::GemmOperand<T> operand(const at::Tensor& tensor, bool transposed) {
  return {.data = data<T>(tensor),
          .row_stride = tensor.size(-1),
          .op = transposed ? kernels::GemmOp::kTranspose : kernels::GemmOp::kNone,
          .outer_stride = tensor.size(-2) * tensor.size(-1)};
}

template <class T>
kernels::Gemm<T> describe(Layout layout, const at::Tensor& out, const at::Tensor& a,
                          const at::Tensor& b) {
  kernels::Gemm<T> args;
  args.m = out.size(-2);
  args.n = out.size(-1);
  args.k = a.size(layout == Layout::kTn ? -2 : -1);
  args.a = operand<T>(a, layout == Layout::kTn);
  args.b = operand<T>(b, layout == Layout::kNt);
  args.c = data<T>(out);
  args.c_row_stride = args.n;
  args.c_outer_stride = args.m * args.n;
  args.outer = out.dim() == 3 ? out.size(0) : 1;
  return args;
}

}  // namespace

std::function<void()> gemm_call(Layout layout, const at::Tensor& out, const at::Tensor& a,
                                const at::Tensor& b) {
  int64_t bytes = 0;
  kernels::run_operator(out, [&]<class T>(auto... stream) {
    bytes = kernels::gemm_workspace_bytes(describe<T>(layout, out, a, b), stream...);
  });
  const at::Tensor workspace = kernels::allocate_bytes(out, bytes);
  return [=] {
    kernels::run_operator(out, [&]<class T>(auto... stream) {
      kernels::Gemm<T> args = describe<T>(layout, out, a, b);
      args.workspace = workspace.data_ptr();
      kernels::gemm(args, stream...);
    });
  };
}

}  // namespace apps
