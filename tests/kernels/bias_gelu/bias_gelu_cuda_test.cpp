#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/bias_gelu/bias_gelu_case.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

/// `shift` elements from where packs of elements could be moved at once.
template <class T>
Outputs run(const BiasGeluProblem<T>& p, size_t shift = 0) {
  const DeviceBuffer<T> input("input", p.input, shift);
  const DeviceBuffer<T> bias("bias", p.bias);
  const DeviceBuffer<T> d_output("d_output", p.d_output);
  DeviceBuffer<T> output("output", p.rows * p.columns);
  DeviceBuffer<T> d_input("d_input", p.rows * p.columns);
  DeviceBuffer<T> d_bias("d_bias", p.columns);
  DeviceBuffer<float> partials("partials", cuda_column_partials_size(p.rows, p.columns));
  bias_gelu_forward(
      BiasGeluForward<T>{output.data(), input.data(), bias.data(), p.rows, p.columns, p.gelu},
      nullptr);
  bias_gelu_backward(
      BiasGeluBackward<T>{d_input.data(), d_bias.data(), d_output.data(), input.data(), bias.data(),
                          p.rows, p.columns, p.gelu, partials.data(), p.stochastic},
      nullptr);
  return {{"output", doubles_of(output)},
          {"d_input", doubles_of(d_input)},
          {"d_bias", doubles_of(d_bias)}};
}

template <class T>
void check(const BiasGeluProblem<T>& p) {
  const Outputs reference = expected(p);
  check_emulated([&] { return run(p); }, reference, tolerances(p, reference), p.name());
}

template <class T>
class BiasGeluCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(BiasGeluCuda, Dtypes);

TYPED_TEST(BiasGeluCuda, matches_the_reference_at_awkward_sizes) {
  for (const Gelu gelu : {Gelu::kErf, Gelu::kTanh}) {
    for (const int64_t rows : {1, 3, 17, 90}) {
      for (const int64_t columns : {1, 7, 8, 31, 33, 127, 264}) {
        check(BiasGeluProblem<TypeParam>{rows, columns, gelu});
      }
    }
  }
}

TYPED_TEST(BiasGeluCuda, matches_the_reference_over_many_row_blocks) {
  check(BiasGeluProblem<TypeParam>{333, 520, Gelu::kErf});
  check(BiasGeluProblem<TypeParam>{1500, 24, Gelu::kTanh});
}

TYPED_TEST(BiasGeluCuda, takes_its_limits_far_from_zero) {
  // Of float16, whose largest value is 65504, none goes beyond.
  const double far_away = std::is_same_v<TypeParam, float16> ? 6e4 : 1e20;
  const std::vector<double> far = {0, -0.0, 1e-30, -1e-30, 9.5, -9.5, 40, far_away, -far_away};
  Tolerance limit = tolerance<TypeParam>(Kind::kElement);
  limit.of_largest = 0;
  limit.absolute += 1e-16;
  for (const Gelu gelu : {Gelu::kErf, Gelu::kTanh}) {
    BiasGeluProblem<TypeParam> p = {2, 9, gelu};
    p.bias.assign(9, TypeParam{});
    for (size_t i = 0; i < 18; ++i) p.input[i] = from_double<TypeParam>(far[i % 9]);
    check_emulated([&] { return run(p); }, expected(p),
                   {{"output", limit}, {"d_input", limit}, {"d_bias", limit}}, p.name());
  }
}

TYPED_TEST(BiasGeluCuda, gives_the_same_bits_wherever_its_arrays_begin) {
  const BiasGeluProblem<TypeParam> p = {70, 256, Gelu::kErf};
  expect_same(run(p, 1), run(p), p.name());
}

TYPED_TEST(BiasGeluCuda, works_in_place) {
  const BiasGeluProblem<TypeParam> p = {45, 40, Gelu::kErf};
  const Outputs apart = run(p);
  const DeviceBuffer<TypeParam> bias("bias", p.bias);
  DeviceBuffer<TypeParam> input("input", p.input);
  DeviceBuffer<TypeParam> gradient("gradient", p.d_output);
  DeviceBuffer<TypeParam> d_bias("d_bias", p.columns);
  DeviceBuffer<float> partials("partials", cuda_column_partials_size(p.rows, p.columns));
  bias_gelu_backward(
      BiasGeluBackward<TypeParam>{gradient.data(), d_bias.data(), gradient.data(), input.data(),
                                  bias.data(), p.rows, p.columns, p.gelu, partials.data()},
      nullptr);
  bias_gelu_forward(BiasGeluForward<TypeParam>{input.data(), input.data(), bias.data(), p.rows,
                                               p.columns, p.gelu},
                    nullptr);
  EXPECT_EQ(doubles_of(input), apart.at("output"));
  EXPECT_EQ(doubles_of(gradient), apart.at("d_input"));
}

TYPED_TEST(BiasGeluCuda, adds_columns_in_any_order_when_stochastic) {
  BiasGeluProblem<TypeParam> p = {300, 70, Gelu::kErf};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p, reference), p.name());
}

TYPED_TEST(BiasGeluCuda, of_no_rows_has_gradients_of_0) {
  const BiasGeluProblem<TypeParam> p = {0, 70, Gelu::kErf};
  EXPECT_EQ(run(p).at("d_bias"), std::vector<double>(70, 0));
}

}  // namespace
}  // namespace kernels::testing
