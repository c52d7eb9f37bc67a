// output = keep ? input * scale : 0 over a block [heads, length, columns] a sequence, parallel over
// rows. The bits are generated in registers, never stored. Bytes moved: each element read once,
// written once.

#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"
#include "kernels/dropout/dropout.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/dropout/dropout_cpu.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/dropout-inl.h"
#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kernels {
namespace HWY_NAMESPACE {

template <class T>
void dropout_rows(const Dropout<T>& args, RowBlock rows) {
  DropoutRows dropout(args.stream);
  const Floats scale = dropout.scale();
  RowCursor cursor(args.sequences, rows.begin, args.heads);
  for (int64_t row = rows.begin; row < rows.end; ++row, cursor.advance()) {
    const T* input = args.input + row * args.columns;
    T* output = args.output + row * args.columns;
    dropout.for_each_vector(cursor.sequence(), cursor.head(), cursor.position(), args.columns,
                            [&](int64_t i, int64_t lanes, FloatMask drop) BENCH_INLINE_LAMBDA {
                              const Floats kept = hn::Mul(load(input + i, lanes), scale);
                              store(hn::IfThenZeroElse(drop, kept), output + i, lanes);
                            });
  }
}

BENCH_INSTANTIATE_ROWS(dropout_rows, Dropout)

}  // namespace HWY_NAMESPACE
}  // namespace kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kernels {

BENCH_DISPATCH_ROWS(dropout_rows, Dropout)

template <class T>
void dropout(const Dropout<T>& args) {
  parallel_for(args.heads * args.sequences.rows(), args.columns, [&](int64_t begin, int64_t end) {
    dropout_rows(args, {begin, end});
  });
}

template void dropout(const Dropout<float>&);
template void dropout(const Dropout<bfloat16>&);

}  // namespace kernels
#endif  // HWY_ONCE
