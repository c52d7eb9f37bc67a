// output = LayerNorm(input) by rows of [rows, columns], and its gradient; parallel over rows.
// Saved for backward: mean and rstd, and either the input or the output (normalize_invertible),
// with x_hat of the few columns that cannot be inverted.
// Bytes moved: forward 2, backward 3 elements (4 with d_residual). Arithmetic in float.

#include "kernels/core/column_sums.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"
#include "kernels/layer_norm/layer_norm.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layer_norm/layer_norm_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/layer_norm-inl.h"
#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

// ---- forward

template <class T>
void norm_rows(const LayerNormForward<T>& args, RowBlock rows) {
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    const T* input = args.input + row * args.columns;
    const RowStatistics statistics = row_statistics(input, args.columns, args.eps);
    args.mean[row] = statistics.mean;
    args.rstd[row] = statistics.rstd;
    keep_x_hat(args.kept, row, input, statistics);
    normalize_row(args.output + row * args.columns, input, statistics, args.gamma, args.beta,
                  args.columns);
  }
}

// ---- backward

template <class T, class XHat>
void norm_row_backward(const LayerNormBackward<T>& args, int64_t row, const XHat& x_hat,
                       float* partial) {
  const T* d_output = args.d_output + row * args.columns;
  T* d_input = args.d_input + row * args.columns;
  // 1. Column sums and the row's two means.
  const GradientMeans means = reduce_gradient(
      x_hat,
      [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA { return load(d_output + i, lanes); },
      args.gamma, args.columns, partial, partial + args.columns);
  // 2. The gradient.
  const T* d_residual = args.d_residual == nullptr ? nullptr : args.d_residual + row * args.columns;
  XHat again = x_hat;
  for_each_vector(args.columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const Floats g = hn::Mul(load(d_output + i, lanes), load(args.gamma + i, lanes));
    Floats gradient = input_gradient(g, again.at(i, lanes), means, args.rstd[row]);
    if (d_residual != nullptr) gradient = hn::Add(gradient, load(d_residual + i, lanes));
    store(gradient, d_input + i, lanes);
  });
}

template <class T>
void norm_rows_backward(const LayerNormBackward<T>& args, RowBlock rows) {
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    const int64_t offset = row * args.columns;
    if (args.input != nullptr) {
      const XHatFromInput<T> x_hat = {args.input + offset, {args.mean[row], args.rstd[row]}};
      norm_row_backward(args, row, x_hat, rows.partial);
    } else {
      const XHatFromOutput<T> x_hat(args.output + offset, args.gamma, args.beta, args.kept, row);
      norm_row_backward(args, row, x_hat, rows.partial);
    }
  }
}

BENCH_INSTANTIATE_ROWS(norm_rows, LayerNormForward)
BENCH_INSTANTIATE_ROWS(norm_rows_backward, LayerNormBackward)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

// ---- launchers

BENCH_DISPATCH_ROWS(norm_rows, LayerNormForward)
BENCH_DISPATCH_ROWS(norm_rows_backward, LayerNormBackward)

template <class T>
void layer_norm_forward(const LayerNormForward<T>& args) {
  parallel_for(args.rows, args.columns, [&](int64_t begin, int64_t end) {
    norm_rows(args, {begin, end});
  });
}

template <class T>
void layer_norm_backward(const LayerNormBackward<T>& args) {
  sum_columns<T, 2>({args.d_gamma, args.d_beta}, args.rows, args.columns, args.partials,
                    args.stochastic, [&](RowBlock rows) { norm_rows_backward(args, rows); });
}

template void layer_norm_forward(const LayerNormForward<float>&);
template void layer_norm_forward(const LayerNormForward<bfloat16>&);
template void layer_norm_backward(const LayerNormBackward<float>&);
template void layer_norm_backward(const LayerNormBackward<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
