#include "kernels/gemm/reference.h"

#include "kernels/core/float16.h"

namespace kernels {
namespace {

/// Element (row, column) of op(X).
template <class T>
double element(const GemmOperand<T>& operand, const T* matrix, int64_t row, int64_t column) {
  const bool none = operand.op == GemmOp::kNone;
  return to_float(none ? matrix[row * operand.row_stride + column]
                       : matrix[column * operand.row_stride + row]);
}

void assign(float& to, double value) {
  to = static_cast<float>(value);
}
void assign(bfloat16& to, double value) {
  to = to_bfloat16(static_cast<float>(value));
}
void assign(float16& to, double value) {
  to = to_float16(static_cast<float>(value));
}

template <class T>
void multiply(const Gemm<T>& args, const T* a, const T* b, T* c) {
  for (int64_t row = 0; row < args.m; ++row) {
    for (int64_t column = 0; column < args.n; ++column) {
      double sum = 0;
      for (int64_t k = 0; k < args.k && args.alpha != 0; ++k) {
        sum += element(args.a, a, row, k) * element(args.b, b, k, column);
      }
      T& out = c[row * args.c_row_stride + column];
      double value = double{args.alpha} * sum;
      if (args.beta != 0) value += double{args.beta} * double{to_float(out)};
      assign(out, value);
    }
  }
}

}  // namespace

template <class T>
void gemm_reference(const Gemm<T>& args) {
  for (int64_t outer = 0; outer < args.outer; ++outer) {
    for (int64_t inner = 0; inner < args.inner; ++inner) {
      multiply(args, args.a.data + outer * args.a.outer_stride + inner * args.a.inner_stride,
               args.b.data + outer * args.b.outer_stride + inner * args.b.inner_stride,
               args.c + outer * args.c_outer_stride + inner * args.c_inner_stride);
    }
  }
}

template void gemm_reference(const Gemm<float>& args);
template void gemm_reference(const Gemm<bfloat16>& args);
template void gemm_reference(const Gemm<float16>& args);

}  // namespace kernels
