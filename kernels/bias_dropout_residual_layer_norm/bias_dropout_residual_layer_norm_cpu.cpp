// sum = dropout(input + bias) + residual, rounded to T;  output = LayerNorm(sum), by rows of
// [rows, columns], parallel over rows; and the gradients of all of it:
//   d_sum = LayerNorm's at d_output + d_output_extra;  d_residual = d_sum + d_sum_extra
//   d_input = dropout(d_residual), d_bias its column sums
// Saved for backward: mean and rstd, and either `sum` or `output` (normalize_invertible), with
// x_hat of the few columns that cannot be inverted. The bits are generated again in backward. Bytes
// moved: forward 3 elements (4 with `sum`), backward 4 to 6. Arithmetic in float; d_residual is
// rounded to T before dropping, d_input before adding into d_bias.

#include "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm.h"
#include "kernels/core/column_sums.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/dropout-inl.h"
#include "kernels/core/layer_norm-inl.h"
#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

// ---- forward

template <class T>
void residual_norm_row(const BiasDropoutResidualLayerNormForward<T>& args, int64_t row,
                       const RowCursor& cursor, DropoutRows& dropout) {
  const int64_t offset = row * args.columns;
  const T* input = args.input + offset;
  const T* residual = args.residual + offset;
  T* output = args.output + offset;
  // 1. The sum, which waits in `output` if nobody wants it.
  T* sum = args.sum == nullptr ? output : args.sum + offset;
  const Floats scale = dropout.scale();
  dropout.for_each_vector(cursor.sequence(), 0, cursor.position(), args.columns,
                          [&](int64_t i, int64_t lanes, FloatMask drop) BENCH_INLINE_LAMBDA {
                            const Floats biased =
                                hn::Add(load(input + i, lanes), load(args.bias + i, lanes));
                            const Floats dropped = hn::IfThenZeroElse(drop, hn::Mul(biased, scale));
                            store(hn::Add(dropped, load(residual + i, lanes)), sum + i, lanes);
                          });
  // 2. LayerNorm.
  const RowStatistics statistics = row_statistics(sum, args.columns, args.eps);
  args.mean[row] = statistics.mean;
  args.rstd[row] = statistics.rstd;
  keep_x_hat(args.kept, row, sum, statistics);
  normalize_row(output, sum, statistics, args.gamma, args.beta, args.columns);
}

template <class T>
void residual_norm_rows(const BiasDropoutResidualLayerNormForward<T>& args, RowBlock rows) {
  DropoutRows dropout(args.stream);
  RowCursor cursor(args.sequences, rows.begin);
  for (int64_t row = rows.begin; row < rows.end; ++row, cursor.advance()) {
    residual_norm_row(args, row, cursor, dropout);
  }
}

// ---- backward

/// first[i...] + second[i...]; `second` may be null.
template <class T>
HWY_INLINE Floats load_sum(const T* first, const T* second, int64_t i, int64_t lanes) {
  const Floats value = load(first + i, lanes);
  return second == nullptr ? value : hn::Add(value, load(second + i, lanes));
}

template <class T>
const T* row_or_null(const T* tensor, int64_t offset) {
  return tensor == nullptr ? nullptr : tensor + offset;
}

template <class T, class XHat>
void residual_norm_row_backward(const BiasDropoutResidualLayerNormBackward<T>& args, int64_t row,
                                const RowCursor& cursor, const XHat& x_hat, DropoutRows& dropout,
                                float* partial) {
  const int64_t columns = args.columns;
  const int64_t offset = row * columns;
  const T* d_output = args.d_output + offset;
  const T* d_output_extra = row_or_null(args.d_output_extra, offset);
  // 1. Column sums and the row's two means.
  const GradientMeans means = reduce_gradient(
      x_hat,
      [&](int64_t i, int64_t lanes)
          BENCH_INLINE_LAMBDA { return load_sum(d_output, d_output_extra, i, lanes); },
      args.gamma, columns, partial + columns, partial + 2 * columns);
  // 2. LayerNorm's gradient, then dropout's.
  const T* d_sum_extra = row_or_null(args.d_sum_extra, offset);
  T* d_residual = args.d_residual + offset;
  T* d_input = args.d_input + offset;
  const Floats scale = dropout.scale();
  XHat again = x_hat;
  dropout.for_each_vector(
      cursor.sequence(), 0, cursor.position(), columns,
      [&](int64_t i, int64_t lanes, FloatMask drop) BENCH_INLINE_LAMBDA {
        const Floats dy = load_sum(d_output, d_output_extra, i, lanes);
        const Floats g = hn::Mul(dy, load(args.gamma + i, lanes));
        Floats d_sum = input_gradient(g, again.at(i, lanes), means, args.rstd[row]);
        if (d_sum_extra != nullptr) d_sum = hn::Add(d_sum, load(d_sum_extra + i, lanes));
        d_sum = rounded_to<T>(d_sum);
        const Floats kept = rounded_to<T>(hn::IfThenZeroElse(drop, hn::Mul(d_sum, scale)));
        store_exact(d_sum, d_residual + i, lanes);
        store_exact(kept, d_input + i, lanes);
        add_to(kept, partial + i, lanes);
      });
}

template <class T>
void residual_norm_rows_backward(const BiasDropoutResidualLayerNormBackward<T>& args,
                                 RowBlock rows) {
  DropoutRows dropout(args.stream);
  RowCursor cursor(args.sequences, rows.begin);
  for (int64_t row = rows.begin; row < rows.end; ++row, cursor.advance()) {
    const int64_t offset = row * args.columns;
    if (args.sum != nullptr) {
      const XHatFromInput<T> x_hat = {args.sum + offset, {args.mean[row], args.rstd[row]}};
      residual_norm_row_backward(args, row, cursor, x_hat, dropout, rows.partial);
    } else {
      const XHatFromOutput<T> x_hat(args.output + offset, args.gamma, args.beta, args.kept, row);
      residual_norm_row_backward(args, row, cursor, x_hat, dropout, rows.partial);
    }
  }
}

BENCH_INSTANTIATE_ROWS(residual_norm_rows, BiasDropoutResidualLayerNormForward)
BENCH_INSTANTIATE_ROWS(residual_norm_rows_backward, BiasDropoutResidualLayerNormBackward)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

// ---- launchers

BENCH_DISPATCH_ROWS(residual_norm_rows, BiasDropoutResidualLayerNormForward)
BENCH_DISPATCH_ROWS(residual_norm_rows_backward, BiasDropoutResidualLayerNormBackward)

template <class T>
void bias_dropout_residual_layer_norm_forward(const BiasDropoutResidualLayerNormForward<T>& args) {
  parallel_for(args.sequences.rows(), args.columns, [&](int64_t begin, int64_t end) {
    residual_norm_rows(args, {begin, end});
  });
}

template <class T>
void bias_dropout_residual_layer_norm_backward(
    const BiasDropoutResidualLayerNormBackward<T>& args) {
  sum_columns<T, 3>({args.d_bias, args.d_gamma, args.d_beta}, args.sequences.rows(), args.columns,
                    args.partials, args.stochastic,
                    [&](RowBlock rows) { residual_norm_rows_backward(args, rows); });
}

template void bias_dropout_residual_layer_norm_forward(
    const BiasDropoutResidualLayerNormForward<float>&);
template void bias_dropout_residual_layer_norm_forward(
    const BiasDropoutResidualLayerNormForward<bfloat16>&);
template void bias_dropout_residual_layer_norm_backward(
    const BiasDropoutResidualLayerNormBackward<float>&);
template void bias_dropout_residual_layer_norm_backward(
    const BiasDropoutResidualLayerNormBackward<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
