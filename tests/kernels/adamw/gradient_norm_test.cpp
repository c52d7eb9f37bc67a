#include "kernels/adamw/gradient_norm.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "kernels/adamw/reference.h"
#include "tests/kernels/adamw/tensor_set.h"

namespace kernels::testing {
namespace {

template <class T>
Outputs norm_of(TensorSet<T>& set) {
  return {{"norm", {gradient_norm<T>(set.tensors())}}};
}

/// By the double reference.
template <class T>
double expected_norm(TensorSet<T>& set, const std::vector<int64_t>& sizes) {
  TensorSet<double> wide(sizes);
  for (size_t i = 0; i < sizes.size(); ++i) wide.gradient(i) = to_doubles(set.gradient(i));
  return reference_gradient_norm(wide.tensors());
}

template <class T>
class GradientNorm : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(GradientNorm, Dtypes);

TYPED_TEST(GradientNorm, is_that_of_all_tensors_together) {
  std::vector<std::vector<int64_t>> lists = {kMixedSizes, {0}, {63, 1, 64}};
  for (const int64_t size : {1, 2, 7, 8, 9, 31, 32, 33, 65, 4095, 70001}) lists.push_back({size});
  for (const auto& sizes : lists) {
    TensorSet<TypeParam> set(sizes);
    set.draw_gradients(7);
    check_everywhere([&] { return norm_of(set); }, {{"norm", {expected_norm(set, sizes)}}},
                     {{"norm", {1e-13, 0}}}, std::to_string(sizes.front()) + " ...");
  }
}

TYPED_TEST(GradientNorm, of_no_tensors_is_zero) {
  EXPECT_EQ(gradient_norm<TypeParam>({}), 0);
}

TYPED_TEST(GradientNorm, does_not_overflow_where_a_float_would) {
  TensorSet<TypeParam> set({50});
  std::fill_n(set.gradient(0).begin(), 50, from_double<TypeParam>(0x1p100));
  EXPECT_DOUBLE_EQ(gradient_norm<TypeParam>(set.tensors()), 0x1p100 * std::sqrt(50.0));
}

TYPED_TEST(GradientNorm, is_not_finite_where_a_gradient_is_not) {
  for (const size_t at : {0, 40, 69}) {
    TensorSet<TypeParam> set({70});
    set.draw_gradients(1);
    set.gradient(0)[at] = from_double<TypeParam>(-INFINITY);
    EXPECT_EQ(gradient_norm<TypeParam>(set.tensors()), INFINITY);
    set.gradient(0)[at] = from_double<TypeParam>(std::nan(""));
    EXPECT_TRUE(std::isnan(gradient_norm<TypeParam>(set.tensors())));
  }
}

TEST(ClipCoefficient, scales_down_to_the_largest_norm_and_never_up) {
  EXPECT_DOUBLE_EQ(clip_coefficient(13, 2), 2 / (13 + 1e-6));
  EXPECT_EQ(clip_coefficient(0.5, 1), 1);
  EXPECT_EQ(clip_coefficient(0, 1), 1);
  EXPECT_EQ(clip_coefficient(INFINITY, 1), 0);
  EXPECT_TRUE(std::isnan(clip_coefficient(std::nan(""), 1)));
}

}  // namespace
}  // namespace kernels::testing
