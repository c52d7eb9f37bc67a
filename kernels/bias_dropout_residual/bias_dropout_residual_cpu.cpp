// output = dropout(input + bias) + residual;  d_input = dropout(d_output), d_bias its column sums.
// Over [rows, columns], parallel over rows; the bits are generated again in backward.
// Bytes moved: forward 3, backward 2 elements each. Arithmetic in float; d_bias adds the rounded
// d_input.

#include "kernels/bias_dropout_residual/bias_dropout_residual.h"
#include "kernels/core/column_sums.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/bias_dropout_residual/bias_dropout_residual_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/dropout-inl.h"
#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

// ---- forward

template <class T>
void residual_rows(const BiasDropoutResidualForward<T>& args, RowBlock rows) {
  DropoutRows dropout(args.stream);
  const Floats scale = dropout.scale();
  RowCursor cursor(args.sequences, rows.begin);
  for (int64_t row = rows.begin; row < rows.end; ++row, cursor.advance()) {
    const T* input = args.input + row * args.columns;
    const T* residual = args.residual + row * args.columns;
    T* output = args.output + row * args.columns;
    dropout.for_each_vector(
        cursor.sequence(), 0, cursor.position(), args.columns,
        [&](int64_t i, int64_t lanes, FloatMask drop) BENCH_INLINE_LAMBDA {
          const Floats biased = hn::Add(load(input + i, lanes), load(args.bias + i, lanes));
          const Floats dropped = hn::IfThenZeroElse(drop, hn::Mul(biased, scale));
          store(hn::Add(dropped, load(residual + i, lanes)), output + i, lanes);
        });
  }
}

// ---- backward

template <class T>
void residual_rows_backward(const BiasDropoutResidualBackward<T>& args, RowBlock rows) {
  DropoutRows dropout(args.stream);
  const Floats scale = dropout.scale();
  RowCursor cursor(args.sequences, rows.begin);
  for (int64_t row = rows.begin; row < rows.end; ++row, cursor.advance()) {
    const T* d_output = args.d_output + row * args.columns;
    T* d_input = args.d_input + row * args.columns;
    dropout.for_each_vector(cursor.sequence(), 0, cursor.position(), args.columns,
                            [&](int64_t i, int64_t lanes, FloatMask drop) BENCH_INLINE_LAMBDA {
                              const Floats scaled = hn::Mul(load(d_output + i, lanes), scale);
                              const Floats gradient =
                                  rounded_to<T>(hn::IfThenZeroElse(drop, scaled));
                              store_exact(gradient, d_input + i, lanes);
                              add_to(gradient, rows.partial + i, lanes);
                            });
  }
}

BENCH_INSTANTIATE_ROWS(residual_rows, BiasDropoutResidualForward)
BENCH_INSTANTIATE_ROWS(residual_rows_backward, BiasDropoutResidualBackward)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

// ---- launchers

BENCH_DISPATCH_ROWS(residual_rows, BiasDropoutResidualForward)
BENCH_DISPATCH_ROWS(residual_rows_backward, BiasDropoutResidualBackward)

template <class T>
void bias_dropout_residual_forward(const BiasDropoutResidualForward<T>& args) {
  parallel_for(args.sequences.rows(), args.columns, [&](int64_t begin, int64_t end) {
    residual_rows(args, {begin, end});
  });
}

template <class T>
void bias_dropout_residual_backward(const BiasDropoutResidualBackward<T>& args) {
  sum_columns<T, 1>({args.d_bias}, args.sequences.rows(), args.columns, args.partials,
                    args.stochastic, [&](RowBlock rows) { residual_rows_backward(args, rows); });
}

template void bias_dropout_residual_forward(const BiasDropoutResidualForward<float>&);
template void bias_dropout_residual_forward(const BiasDropoutResidualForward<bfloat16>&);
template void bias_dropout_residual_backward(const BiasDropoutResidualBackward<float>&);
template void bias_dropout_residual_backward(const BiasDropoutResidualBackward<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
