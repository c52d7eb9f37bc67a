#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/core/gemm_tile/level.h"
#include "kernels/gemm/gemm.h"
#include "kernels/gemm/reference.h"
#include "tests/kernels/gemm/guarded_array.h"
#include "tests/kernels/support/level_limit.h"

namespace kernels {

inline constexpr GemmOp kOps[] = {GemmOp::kNone, GemmOp::kTranspose};

/// The levels that this machine can run.
inline std::vector<GemmLevel> levels() {
  std::vector<GemmLevel> result;
  for (int level = 0; level <= static_cast<int>(best_gemm_level()); ++level) {
    result.push_back(static_cast<GemmLevel>(level));
  }
  return result;
}

inline void assign(float& to, double value) {
  to = static_cast<float>(value);
}
inline void assign(bfloat16& to, double value) {
  to = to_bfloat16(static_cast<float>(value));
}

template <class T>
void fill(std::span<T> values, uint32_t seed) {
  std::minstd_rand random(seed + 1);
  for (T& value : values) assign(value, static_cast<double>(random() % 2001) / 1000 - 1);
}

/// What one product is; buffers come from GemmCase.
struct GemmSizes {
  int64_t m = 1;
  int64_t n = 1;
  int64_t k = 1;
  GemmOp a = GemmOp::kNone;
  GemmOp b = GemmOp::kNone;
  float alpha = 1;
  float beta = 0;
  int64_t gap = 0;  ///< elements between the rows of every matrix
  int threads = 1;
};

/// A product with buffers of its own. Rows are `gap` elements longer than they need to be, and the
/// last row of an operand is not: nothing lies behind it.
template <class T>
class GemmCase {
 public:
  explicit GemmCase(const GemmSizes& sizes)
      : sizes_(sizes),
        a_(elements(rows(sizes.a, sizes.m, sizes.k), columns(sizes.a, sizes.m, sizes.k))),
        b_(elements(rows(sizes.b, sizes.k, sizes.n), columns(sizes.b, sizes.k, sizes.n))),
        c_(elements(sizes.m, sizes.n)) {
    fill(a_.values(), 1);
    fill(b_.values(), 2);
    fill(c_.values(), 3);
    args_.m = sizes.m;
    args_.n = sizes.n;
    args_.k = sizes.k;
    args_.a = {.data = a_.data(),
               .row_stride = columns(sizes.a, sizes.m, sizes.k) + sizes.gap,
               .op = sizes.a};
    args_.b = {.data = b_.data(),
               .row_stride = columns(sizes.b, sizes.k, sizes.n) + sizes.gap,
               .op = sizes.b};
    args_.c = c_.data();
    args_.c_row_stride = sizes.n + sizes.gap;
    args_.alpha = sizes.alpha;
    args_.beta = sizes.beta;
    args_.threads = sizes.threads;
  }

  Gemm<T>& args() { return args_; }
  std::span<T> a() { return a_.values(); }
  std::span<T> c() { return c_.values(); }

  void run() { run_gemm(args_); }

  /// Runs it and compares all of C, gaps included, with the reference.
  void expect_as_reference() {
    std::vector<T> expected(c_.values().begin(), c_.values().end());
    Gemm<T> reference = args_;
    reference.c = expected.data();
    gemm_reference(reference);
    run();
    EXPECT_TRUE(a_.front_is_intact() && b_.front_is_intact() && c_.front_is_intact());
    for (size_t i = 0; i < expected.size(); ++i) {
      const double want = to_float(expected[i]);
      const double got = to_float(c_.data()[i]);
      const bool is_gap = static_cast<int64_t>(i) % args_.c_row_stride >= args_.n;
      const double bound = is_gap ? 0 : tolerance(want);
      if (!(std::abs(got - want) <= bound)) {
        ADD_FAILURE() << name() << ": element " << i << " is " << got << ", not " << want;
        return;
      }
    }
  }

  /// gemm() with exactly the workspace that it asks for, which starts as NaN.
  static void run_gemm(Gemm<T> args) {
    GuardedArray<char> workspace(gemm_workspace_bytes(args));
    std::memset(workspace.data(), 0xff, workspace.values().size());
    args.workspace = workspace.data();
    gemm(args);
    EXPECT_TRUE(workspace.front_is_intact());
  }

  std::string name() const {
    return std::to_string(sizes_.m) + "x" + std::to_string(sizes_.n) + "x" +
           std::to_string(sizes_.k) + (sizes_.a == GemmOp::kNone ? " n" : " t") +
           (sizes_.b == GemmOp::kNone ? "n" : "t") + " alpha " + std::to_string(sizes_.alpha) +
           " beta " + std::to_string(sizes_.beta) + " gap " + std::to_string(sizes_.gap) +
           " level " + std::to_string(static_cast<int>(gemm_level())) + " bytes " +
           std::to_string(sizeof(T));
  }

 private:
  static int64_t rows(GemmOp op, int64_t rows, int64_t columns) {
    return op == GemmOp::kNone ? rows : columns;
  }
  static int64_t columns(GemmOp op, int64_t rows, int64_t columns) {
    return op == GemmOp::kNone ? columns : rows;
  }
  int64_t elements(int64_t rows, int64_t columns) const {
    return rows == 0 ? 0 : (rows - 1) * (columns + sizes_.gap) + columns;
  }
  /// Values are at most 1, so a float sum of k products is off by far less than this; bfloat16 is
  /// rounded once more.
  double tolerance(double want) const {
    const double sum = 3e-6 * (2 + std::sqrt(static_cast<double>(sizes_.k)));
    return sizeof(T) == sizeof(float) ? sum : sum + std::abs(want) / 128;
  }

  GemmSizes sizes_;
  GuardedArray<T> a_;
  GuardedArray<T> b_;
  GuardedArray<T> c_;
  Gemm<T> args_;
};

}  // namespace kernels
