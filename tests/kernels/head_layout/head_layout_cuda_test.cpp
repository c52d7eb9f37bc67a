#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/head_layout/head_layout_case.h"
#include "tests/kernels/support/device_sequences.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = HeadLayoutProblem<T>;

template <class T>
Outputs run(const Problem<T>& p, size_t shift = 0) {
  const int64_t size = p.rows * p.hidden;
  const DeviceSequences sequences(p.sequences);
  const HeadShape shape = {sequences.view(), p.heads, p.head_dim};
  const DeviceBuffer<T> packed("packed", p.packed, shift);
  const DeviceBuffer<T> bias("bias", p.bias);
  const DeviceBuffer<T> by_head("by_head", p.by_head, shift);
  DeviceBuffer<T> split("split", 3 * size);
  DeviceBuffer<T> d_packed("d_packed", 3 * size);
  DeviceBuffer<T> d_bias("d_bias", 3 * p.hidden);
  DeviceBuffer<T> merged("merged", size);
  DeviceBuffer<T> unmerged("unmerged", size);
  DeviceBuffer<float> partials("partials", cuda_column_partials_size(p.rows, 3 * p.hidden));
  split_heads_forward(SplitHeadsForward<T>{split.data(), packed.data(), bias.data(), shape},
                      nullptr);
  split_heads_backward(SplitHeadsBackward<T>{d_packed.data(), d_bias.data(), by_head.data(), shape,
                                             partials.data(), p.stochastic},
                       nullptr);
  merge_heads(MergeHeads<T>{merged.data(), by_head.data(), shape}, nullptr);
  unmerge_heads(UnmergeHeads<T>{unmerged.data(), packed.data(), shape}, nullptr);
  return {{"split", doubles_of(split)},
          {"d_packed", doubles_of(d_packed)},
          {"d_bias", doubles_of(d_bias)},
          {"merged", doubles_of(merged)},
          {"unmerged", doubles_of(unmerged)}};
}

template <class T>
void check(const Problem<T>& p) {
  check_emulated([&] { return run(p); }, expected(p), tolerances(p), p.name());
}

template <class T>
class HeadLayoutCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(HeadLayoutCuda, Dtypes);

TYPED_TEST(HeadLayoutCuda, matches_the_reference_at_awkward_sizes) {
  check(Problem<TypeParam>{{1, 1}, 1, 1});
  check(Problem<TypeParam>{{2, 3}, 1, 5});
  check(Problem<TypeParam>{{1, 7}, 3, 16});
  check(Problem<TypeParam>{{3, 17}, 2, 15});
  check(Problem<TypeParam>{{2, 9}, 5, 17});
  check(Problem<TypeParam>{{1, 20}, 12, 32});
  check(Problem<TypeParam>{{2, 20}, 4, 64});
  check(Problem<TypeParam>{{4, 1}, 2, 100});
  check(Problem<TypeParam>{{1, 40}, 3, 8});
  check(Problem<TypeParam>{ragged_sequences(), 3, 15});
  check(Problem<TypeParam>{ragged_sequences(), 4, 64});
}

TYPED_TEST(HeadLayoutCuda, gives_the_same_bits_wherever_its_arrays_begin) {
  const Problem<TypeParam> p = {{2, 20}, 4, 24};
  expect_same(run(p, 1), run(p), p.name());
}

TYPED_TEST(HeadLayoutCuda, adds_columns_in_any_order_when_stochastic) {
  Problem<TypeParam> p = {{3, 30}, 4, 32};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p), p.name());
}

}  // namespace
}  // namespace kernels::testing
