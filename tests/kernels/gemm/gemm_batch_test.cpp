#include "tests/kernels/gemm/gemm_case.h"

namespace kernels {
namespace {

template <class T>
class GemmBatchTest : public testing::Test {};
using Types = testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(GemmBatchTest, Types);

constexpr int64_t kBatch = 3;
constexpr int64_t kHeads = 2;

template <class T>
void expect_near(std::span<const T> got, const std::vector<T>& want) {
  const double relative = sizeof(T) == sizeof(float) ? 1e-5 : 1.0 / 128;
  for (size_t i = 0; i < want.size(); ++i) {
    const double expected = to_float(want[i]);
    ASSERT_NEAR(to_float(got[i]), expected, 1e-5 + relative * std::abs(expected)) << i;
  }
}

template <class T>
void expect_as_reference(Gemm<T> args, std::span<T> c) {
  std::vector<T> expected(c.begin(), c.end());
  Gemm<T> reference = args;
  reference.c = expected.data();
  gemm_reference(reference);
  GemmCase<T>::run_gemm(args);
  expect_near<T>(c, expected);
}

/// A view of q (0), k (1) or v (2) in a packed [batch, rows, 3, heads, size] tensor.
template <class T>
GemmOperand<T> head_view(const T* packed, int64_t part, int64_t rows, int64_t size, GemmOp op) {
  const int64_t row = 3 * kHeads * size;
  return {packed + part * kHeads * size, row, op, rows * row, size};
}

TYPED_TEST(GemmBatchTest, heads_of_a_packed_tensor_are_operands_as_they_lie) {
  for (const GemmLevel level : levels()) {
    const LevelLimit limit(level);
    for (const auto& [rows, size] : {std::pair<int64_t, int64_t>{37, 5}, {70, 32}, {33, 64}}) {
      GuardedArray<TypeParam> packed(kBatch * rows * 3 * kHeads * size);
      GuardedArray<TypeParam> scores(kBatch * kHeads * rows * rows);
      fill(packed.values(), 1);
      Gemm<TypeParam> args = {.m = rows, .n = rows, .k = size};
      args.a = head_view(packed.data(), 0, rows, size, GemmOp::kNone);
      args.b = head_view(packed.data(), 1, rows, size, GemmOp::kTranspose);
      args.c = scores.data();
      args.c_row_stride = rows;
      args.c_inner_stride = rows * rows;
      args.c_outer_stride = kHeads * rows * rows;
      args.outer = kBatch;
      args.inner = kHeads;
      args.threads = 2;
      expect_as_reference<TypeParam>(args, scores.values());
    }
  }
}

TYPED_TEST(GemmBatchTest, heads_are_written_side_by_side) {
  constexpr int64_t kRows = 41;
  constexpr int64_t kSize = 24;
  for (const GemmLevel level : levels()) {
    const LevelLimit limit(level);
    for (const GemmOp op : kOps) {
      GuardedArray<TypeParam> packed(kBatch * kRows * 3 * kHeads * kSize);
      GuardedArray<TypeParam> scores(kBatch * kHeads * kRows * kRows);
      GuardedArray<TypeParam> context(kBatch * kRows * kHeads * kSize);
      fill(packed.values(), 1);
      fill(scores.values(), 2);
      Gemm<TypeParam> args = {.m = kRows, .n = kSize, .k = kRows};
      args.a = {scores.data(), kRows, op, kHeads * kRows * kRows, kRows * kRows};
      args.b = head_view(packed.data(), 2, kRows, kSize, GemmOp::kNone);
      args.c = context.data();
      args.c_row_stride = kHeads * kSize;
      args.c_outer_stride = kRows * kHeads * kSize;
      args.c_inner_stride = kSize;
      args.outer = kBatch;
      args.inner = kHeads;
      args.threads = 2;
      expect_as_reference<TypeParam>(args, context.values());
    }
  }
}

TYPED_TEST(GemmBatchTest, a_stride_of_zero_repeats_a_matrix) {
  GuardedArray<TypeParam> a(4 * 9 * 7);
  GuardedArray<TypeParam> b(7 * 11);
  GuardedArray<TypeParam> c(4 * 9 * 11);
  fill(a.values(), 1);
  fill(b.values(), 2);
  Gemm<TypeParam> args = {.m = 9, .n = 11, .k = 7};
  args.a = {a.data(), 7, GemmOp::kNone, 9 * 7, 0};
  args.b = {b.data(), 11, GemmOp::kNone, 0, 0};
  args.c = c.data();
  args.c_row_stride = 11;
  args.c_outer_stride = 9 * 11;
  args.outer = 4;
  expect_as_reference<TypeParam>(args, c.values());
}

}  // namespace
}  // namespace kernels
