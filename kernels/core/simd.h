#pragma once

#include <cstdint>

/// Include before <hwy/foreach_target.h>. Every operator is compiled for the same instruction sets:
/// AVX-512 (HWY_AVX3), AVX2 and portable code for any x86-64 (HWY_EMU128, or HWY_SCALAR where
/// Highway distrusts the compiler with the former, as g++ before 12.3). The rest is left out to
/// keep compilation short; AVX3_DL would add nothing that these kernels use.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL)
#endif

#include "kernels/core/bfloat16.h"

namespace kernels {

/// Rows [begin, end) of an operator's work, and where the block adds its column sums (may be null).
struct RowBlock {
  int64_t begin;
  int64_t end;
  float* partial = nullptr;
};

}  // namespace kernels

/// Inside the target's namespace: instances of the template `function(const Args<T>&, RowBlock)`.
#define BENCH_INSTANTIATE_ROWS(function, Args)                          \
  void function##_float(const Args<float>& args, RowBlock rows) {       \
    function(args, rows);                                               \
  }                                                                     \
  void function##_bfloat16(const Args<bfloat16>& args, RowBlock rows) { \
    function(args, rows);                                               \
  }

/// Under HWY_ONCE: `function(args, rows)` that runs the instance for the machine's instruction set.
#define BENCH_DISPATCH_ROWS(function, Args)                         \
  HWY_EXPORT(function##_float);                                     \
  HWY_EXPORT(function##_bfloat16);                                  \
  static void function(const Args<float>& args, RowBlock rows) {    \
    HWY_DYNAMIC_DISPATCH(function##_float)(args, rows);             \
  }                                                                 \
  static void function(const Args<bfloat16>& args, RowBlock rows) { \
    HWY_DYNAMIC_DISPATCH(function##_bfloat16)(args, rows);          \
  }
