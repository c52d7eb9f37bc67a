#include "apps/bench_kernels/dropout_generator.h"

#include "kernels/core/dropout_bits.h"
#include "kernels/core/parallel.h"
#include "kernels/core/simd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "apps/bench_kernels/dropout_generator.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/core/dropout-inl.h"
#include "kernels/core/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace apps {
namespace HWY_NAMESPACE {

namespace simd = kernels::HWY_NAMESPACE;

void count_rows(const GeneratorRun& run, int64_t begin, int64_t end) {
  simd::DropoutRows dropout(run.stream);
  for (int64_t row = begin; row < end; ++row) {
    const int64_t head = row / run.rows;
    size_t dropped = 0;
    dropout.for_each_vector(head / run.heads, head % run.heads, row % run.rows, run.columns,
                            [&](int64_t, int64_t lanes, simd::FloatMask drop) BENCH_INLINE_LAMBDA {
                              const auto inside = hwy::HWY_NAMESPACE::FirstN(
                                  simd::FloatTag(), static_cast<size_t>(lanes));
                              dropped += hwy::HWY_NAMESPACE::CountTrue(
                                  simd::FloatTag(), hwy::HWY_NAMESPACE::And(drop, inside));
                            });
    run.dropped[row] = static_cast<float>(dropped);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace apps
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace apps {

HWY_EXPORT(count_rows);

void count_dropped(const GeneratorRun& run) {
  kernels::parallel_for(run.batch * run.heads * run.rows, run.columns,
                        [&](int64_t begin, int64_t end) {
                          HWY_DYNAMIC_DISPATCH(count_rows)(run, begin, end);
                        });
}

void reference_count_dropped(const GeneratorRun& run) {
  for (int64_t row = 0; row < run.batch * run.heads * run.rows; ++row) {
    const int64_t head = row / run.rows;
    int64_t dropped = 0;
    for (int64_t column = 0; column < run.columns; ++column) {
      dropped +=
          kernels::keep(run.stream, head / run.heads, head % run.heads, row % run.rows, column) ? 0
                                                                                                : 1;
    }
    run.dropped[row] = static_cast<float>(dropped);
  }
}

}  // namespace apps
#endif  // HWY_ONCE
