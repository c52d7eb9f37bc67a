// output = gelu(input + bias);  d_input = d_output * gelu'(input + bias), d_bias its column sums.
// Over [rows, columns], parallel over rows; gelu and gelu' are recomputed from `input` in backward.
// Bytes moved: forward 2, backward 3 elements each. Arithmetic in float, one rounding to T at the
// end; d_bias adds the rounded d_input.

#include "kernels/bias_gelu/bias_gelu.h"
#include "kernels/core/column_sums.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/bias_gelu/bias_gelu_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/gelu-inl.h"
#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

// ---- forward

template <Gelu kGelu, class T>
void gelu_row(const BiasGeluForward<T>& args, int64_t row) {
  const T* input = args.input + row * args.columns;
  T* output = args.output + row * args.columns;
  for_each_vector(args.columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const Floats x = hn::Add(load(input + i, lanes), load(args.bias + i, lanes));
    store(hn::Mul(x, gelu_parts<kGelu>(x).share), output + i, lanes);
  });
}

template <class T>
void gelu_rows(const BiasGeluForward<T>& args, RowBlock rows) {
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    if (args.gelu == Gelu::kErf) {
      gelu_row<Gelu::kErf>(args, row);
    } else {
      gelu_row<Gelu::kTanh>(args, row);
    }
  }
}

// ---- backward

template <Gelu kGelu, class T>
void gelu_row_backward(const BiasGeluBackward<T>& args, int64_t row, float* d_bias) {
  const T* input = args.input + row * args.columns;
  const T* d_output = args.d_output + row * args.columns;
  T* d_input = args.d_input + row * args.columns;
  for_each_vector(args.columns, [&](int64_t i, int64_t lanes) BENCH_INLINE_LAMBDA {
    const Floats x = hn::Add(load(input + i, lanes), load(args.bias + i, lanes));
    const Floats derivative = gelu_parts<kGelu>(x).derivative;
    const Floats gradient = rounded_to<T>(hn::Mul(load(d_output + i, lanes), derivative));
    store_exact(gradient, d_input + i, lanes);
    add_to(gradient, d_bias + i, lanes);
  });
}

template <class T>
void gelu_rows_backward(const BiasGeluBackward<T>& args, RowBlock rows) {
  for (int64_t row = rows.begin; row < rows.end; ++row) {
    if (args.gelu == Gelu::kErf) {
      gelu_row_backward<Gelu::kErf>(args, row, rows.partial);
    } else {
      gelu_row_backward<Gelu::kTanh>(args, row, rows.partial);
    }
  }
}

BENCH_INSTANTIATE_ROWS(gelu_rows, BiasGeluForward)
BENCH_INSTANTIATE_ROWS(gelu_rows_backward, BiasGeluBackward)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

// ---- launchers

BENCH_DISPATCH_ROWS(gelu_rows, BiasGeluForward)
BENCH_DISPATCH_ROWS(gelu_rows_backward, BiasGeluBackward)

template <class T>
void bias_gelu_forward(const BiasGeluForward<T>& args) {
  parallel_for(args.rows, args.columns, [&](int64_t begin, int64_t end) {
    gelu_rows(args, {begin, end});
  });
}

template <class T>
void bias_gelu_backward(const BiasGeluBackward<T>& args) {
  sum_columns<T, 1>({args.d_bias}, args.rows, args.columns, args.partials, args.stochastic,
                    [&](RowBlock rows) { gelu_rows_backward(args, rows); });
}

template void bias_gelu_forward(const BiasGeluForward<float>&);
template void bias_gelu_forward(const BiasGeluForward<bfloat16>&);
template void bias_gelu_backward(const BiasGeluBackward<float>&);
template void bias_gelu_backward(const BiasGeluBackward<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
