#include "kernels/head_layout/head_layout.h"

#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/head_layout/head_layout_case.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = HeadLayoutProblem<T>;

template <class T>
Outputs run(const Problem<T>& p) {
  const int64_t size = p.rows * p.hidden;
  Guarded<T> split(3 * size);
  Guarded<T> d_packed(3 * size);
  Guarded<T> d_bias(3 * p.hidden);
  Guarded<T> merged(size);
  Guarded<T> unmerged(size);
  Guarded<float> partials(column_partials_size(3 * p.hidden));
  const SplitHeadsForward<T> forward = {split.data(), p.packed.data(), p.bias.data(), p.shape()};
  const SplitHeadsBackward<T> backward = {d_packed.data(), d_bias.data(),   p.by_head.data(),
                                          p.shape(),       partials.data(), p.stochastic};
  const MergeHeads<T> merge = {merged.data(), p.by_head.data(), p.shape()};
  const UnmergeHeads<T> unmerge = {unmerged.data(), p.packed.data(), p.shape()};
  split_heads_forward(forward);
  split_heads_backward(backward);
  merge_heads(merge);
  unmerge_heads(unmerge);
  EXPECT_TRUE(split.intact() && d_packed.intact() && d_bias.intact() && merged.intact() &&
              unmerged.intact() && partials.intact());
  return {{"split", split.values()},
          {"d_packed", d_packed.values()},
          {"d_bias", d_bias.values()},
          {"merged", merged.values()},
          {"unmerged", unmerged.values()}};
}

template <class T>
class HeadLayout : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(HeadLayout, Dtypes);

TYPED_TEST(HeadLayout, matches_the_reference_at_awkward_sizes) {
  struct Shape {
    Sequences sequences;
    int64_t heads;
    int64_t head_dim;
  };
  const std::vector<Shape> shapes = {{{1, 1}, 1, 1},
                                     {{2, 3}, 1, 5},
                                     {{1, 7}, 3, 16},
                                     {{3, 17}, 2, 15},
                                     {{2, 9}, 5, 17},
                                     {{1, 33}, 12, 32},
                                     {{2, 50}, 4, 64},
                                     {{4, 1}, 2, 100},
                                     {{1, 40}, 3, 8},
                                     {ragged_sequences(), 3, 15},
                                     {ragged_sequences(), 4, 64}};
  for (const Shape& shape : shapes) {
    const Problem<TypeParam> p = {shape.sequences, shape.heads, shape.head_dim};
    check_everywhere([&] { return run(p); }, expected(p), tolerances(p), p.name());
  }
}

TYPED_TEST(HeadLayout, unmerging_undoes_merging) {
  const Problem<TypeParam> p = {ragged_sequences(), 3, 7};
  Guarded<TypeParam> merged(p.rows * p.hidden);
  Guarded<TypeParam> back(p.rows * p.hidden);
  merge_heads(MergeHeads<TypeParam>{merged.data(), p.by_head.data(), p.shape()});
  unmerge_heads(UnmergeHeads<TypeParam>{back.data(), merged.data(), p.shape()});
  const std::vector<double> by_head = to_doubles(p.by_head);
  EXPECT_EQ(back.values(),
            std::vector<double>(by_head.begin(), by_head.begin() + p.rows * p.hidden));
}

TYPED_TEST(HeadLayout, adds_columns_in_any_order_when_stochastic) {
  Problem<TypeParam> p = {{3, 70}, 4, 64};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p), p.name());
}

TEST(HeadLayoutReference, gradient_is_the_slope_of_the_forward_pass) {
  Problem<double> p = {Sequences({2, 0, 1, 3}), 2, 2};
  const auto loss = [&] { return weighted_sum(p.by_head, reference_outputs(p).at("split")); };
  const Outputs analytic = reference_outputs(p);
  Outputs numeric = analytic;
  numeric["d_packed"] = numeric_gradient(p.packed, loss);
  numeric["d_bias"] = numeric_gradient(p.bias, loss);
  const Tolerance close = {1e-7, 1e-7};
  Tolerances all;
  for (const auto& [name, values] : analytic) all[name] = close;
  expect_near(analytic, numeric, all, p.name());
}

}  // namespace
}  // namespace kernels::testing
