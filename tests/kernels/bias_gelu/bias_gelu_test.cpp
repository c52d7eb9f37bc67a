#include "kernels/bias_gelu/bias_gelu.h"

#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/bias_gelu/bias_gelu_case.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = BiasGeluProblem<T>;

template <class T>
Outputs run(const Problem<T>& p) {
  Guarded<T> output(p.rows * p.columns);
  Guarded<T> d_input(p.rows * p.columns);
  Guarded<T> d_bias(p.columns);
  Guarded<float> partials(column_partials_size(p.columns));
  bias_gelu_forward(
      BiasGeluForward<T>{output.data(), p.input.data(), p.bias.data(), p.rows, p.columns, p.gelu});
  bias_gelu_backward(BiasGeluBackward<T>{d_input.data(), d_bias.data(), p.d_output.data(),
                                         p.input.data(), p.bias.data(), p.rows, p.columns, p.gelu,
                                         partials.data(), p.stochastic});
  EXPECT_TRUE(output.intact() && d_input.intact() && d_bias.intact() && partials.intact());
  return {{"output", output.values()}, {"d_input", d_input.values()}, {"d_bias", d_bias.values()}};
}

template <class T>
class BiasGelu : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(BiasGelu, Dtypes);

TYPED_TEST(BiasGelu, matches_the_reference_at_awkward_sizes) {
  for (const Gelu gelu : {Gelu::kErf, Gelu::kTanh}) {
    for (const int64_t rows : {1, 3, 17, 90}) {
      for (const int64_t columns : {1, 7, 8, 9, 15, 16, 17, 31, 127, 384}) {
        const Problem<TypeParam> p = {rows, columns, gelu};
        const Outputs reference = expected(p);
        check_everywhere([&] { return run(p); }, reference, tolerances(p, reference), p.name());
      }
    }
  }
}

TYPED_TEST(BiasGelu, takes_its_limits_far_from_zero) {
  const std::vector<double> far = {0, -0.0, 1e-30, -1e-30, 9.5, -9.5, 40, 1e20, -1e20};
  Tolerance limit = tolerance<TypeParam>(Kind::kElement);
  limit.of_largest = 0;
  limit.absolute = 1e-16;
  for (const Gelu gelu : {Gelu::kErf, Gelu::kTanh}) {
    Problem<TypeParam> p = {2, 9, gelu};
    p.bias.assign(9, TypeParam{});
    for (size_t i = 0; i < 18; ++i) p.input[i] = from_double<TypeParam>(far[i % 9]);
    check_everywhere([&] { return run(p); }, expected(p),
                     {{"output", limit}, {"d_input", limit}, {"d_bias", limit}}, p.name());
  }
}

TYPED_TEST(BiasGelu, works_in_place) {
  Problem<TypeParam> p = {5, 37, Gelu::kErf};
  const Outputs apart = run(p);
  std::vector<TypeParam> d_bias(37);
  std::vector<float> partials(static_cast<size_t>(column_partials_size(37)));
  std::vector<TypeParam> d_input = p.d_output;
  bias_gelu_backward(BiasGeluBackward<TypeParam>{d_input.data(), d_bias.data(), d_input.data(),
                                                 p.input.data(), p.bias.data(), 5, 37, Gelu::kErf,
                                                 partials.data()});
  bias_gelu_forward(
      BiasGeluForward<TypeParam>{p.input.data(), p.input.data(), p.bias.data(), 5, 37, Gelu::kErf});
  EXPECT_EQ(to_doubles(p.input), apart.at("output"));
  EXPECT_EQ(to_doubles(d_input), apart.at("d_input"));
}

TYPED_TEST(BiasGelu, adds_columns_in_any_order_when_stochastic) {
  Problem<TypeParam> p = {90, 384, Gelu::kErf};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p, reference), p.name());
}

TEST(BiasGeluReference, gradient_is_the_slope_of_the_forward_pass) {
  for (const Gelu gelu : {Gelu::kErf, Gelu::kTanh}) {
    Problem<double> p = {3, 5, gelu};
    const auto loss = [&] { return weighted_sum(p.d_output, reference_outputs(p).at("output")); };
    const Outputs analytic = reference_outputs(p);
    const Outputs numeric = {{"d_input", numeric_gradient(p.input, loss)},
                             {"d_bias", numeric_gradient(p.bias, loss)},
                             {"output", analytic.at("output")}};
    const Tolerance close = {1e-7, 1e-7};
    expect_near(analytic, numeric, {{"d_input", close}, {"d_bias", close}, {"output", close}},
                p.name());
  }
}

}  // namespace
}  // namespace kernels::testing
