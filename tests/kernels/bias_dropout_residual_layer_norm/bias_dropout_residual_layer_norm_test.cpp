#include "kernels/bias_dropout_residual_layer_norm/bias_dropout_residual_layer_norm.h"

#include <gtest/gtest.h>

#include "tests/kernels/bias_dropout_residual_layer_norm/residual_layer_norm_case.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = ResidualLayerNormProblem<T>;
template <class T>
using Buffers = ResidualLayerNormBuffers<T>;

template <class T>
Outputs run(const Problem<T>& p) {
  Buffers<T> b(p);
  bias_dropout_residual_layer_norm_forward(forward_args(p, b));
  bias_dropout_residual_layer_norm_backward(backward_args(p, b));
  EXPECT_TRUE(b.intact());
  return b.outputs();
}

template <class T>
void check(const Problem<T>& p) {
  const Outputs reference = expected(p);
  check_everywhere([&] { return run(p); }, reference, tolerances(p, reference), p.name());
}

template <class T>
class ResidualLayerNorm : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(ResidualLayerNorm, Dtypes);

TYPED_TEST(ResidualLayerNorm, matches_the_reference_at_awkward_sizes) {
  for (const bool inverted : {false, true}) {
    for (const double probability : {0.0, 0.1}) {
      for (const int64_t columns : {7, 15, 16, 17, 33, 127, 130, 400}) {
        check(Problem<TypeParam>{{1, 1}, columns, inverted, false, probability});
        check(Problem<TypeParam>{{2, 7}, columns, inverted, true, probability});
        check(Problem<TypeParam>{{3, 33}, columns, inverted, columns % 2 == 0, probability});
      }
    }
  }
}

TYPED_TEST(ResidualLayerNorm, matches_the_reference_for_sequences_of_many_lengths) {
  for (const bool inverted : {false, true}) {
    check(Problem<TypeParam>{ragged_sequences(), 33, inverted, true});
    check(Problem<TypeParam>{ragged_sequences(), 130, inverted});
  }
}

TYPED_TEST(ResidualLayerNorm, inverts_where_gamma_is_near_or_exactly_0) {
  for (const int64_t columns : {5, 33, 384}) {
    Problem<TypeParam> p = {{2, 10}, columns, true};
    spoil_gamma(p.gamma);
    check(p);
  }
}

TYPED_TEST(ResidualLayerNorm, of_a_constant_row_is_beta) {
  for (const bool inverted : {false, true}) {
    Problem<TypeParam> p = {{1, 3}, 100, inverted, false, 0};
    p.eps = 1e-12F;
    p.bias.assign(100, from_double<TypeParam>(0.25));
    std::fill_n(p.input.begin(), 100, from_double<TypeParam>(0.3));
    std::fill_n(p.residual.begin(), 100, from_double<TypeParam>(0.7));
    check(p);
    const std::vector<double> output = run(p).at("output");
    for (size_t i = 0; i < 100; ++i) EXPECT_EQ(output[i], to_double(p.beta[i]));
  }
}

TYPED_TEST(ResidualLayerNorm, statistics_are_those_of_the_rounded_sum) {
  const Problem<TypeParam> p = {{1, 4}, 50};
  Buffers<TypeParam> b(p);
  bias_dropout_residual_layer_norm_forward(forward_args(p, b));
  const std::vector<double> sum = b.sum.values();
  for (size_t row = 0; row < 4; ++row) {
    double mean = 0;
    for (size_t i = 0; i < 50; ++i) mean += sum[row * 50 + i] / 50;
    EXPECT_NEAR(b.mean.values()[row], mean, 1e-6);
  }
}

TYPED_TEST(ResidualLayerNorm, has_the_same_output_with_and_without_the_sum) {
  Problem<TypeParam> p = {{2, 5}, 150};
  const std::vector<double> with_sum = run(p).at("output");
  p.inverted = true;
  EXPECT_EQ(run(p).at("output"), with_sum);
}

TYPED_TEST(ResidualLayerNorm, works_in_place) {
  const Problem<TypeParam> p = {{2, 5}, 150, false, true};
  const Outputs apart = run(p);
  for (const bool sum_into_input : {false, true}) {
    Buffers<TypeParam> b(p);
    std::vector<TypeParam> input = p.input;
    auto forward = forward_args(p, b);
    forward.input = input.data();
    (sum_into_input ? forward.sum : forward.output) = input.data();
    bias_dropout_residual_layer_norm_forward(forward);
    EXPECT_EQ(sum_into_input ? b.output.values() : to_doubles(input), apart.at("output"));
  }
  for (const int target : {0, 1, 2}) {
    Buffers<TypeParam> b(p);
    bias_dropout_residual_layer_norm_forward(forward_args(p, b));
    std::vector<TypeParam> gradients[] = {p.d_output, p.d_output_extra, p.d_sum_extra};
    auto backward = backward_args(p, b);
    backward.d_output = gradients[0].data();
    backward.d_output_extra = gradients[1].data();
    backward.d_sum_extra = gradients[2].data();
    backward.d_residual = gradients[target].data();
    bias_dropout_residual_layer_norm_backward(backward);
    EXPECT_EQ(to_doubles(gradients[target]), apart.at("d_residual"));
    EXPECT_EQ(b.d_input.values(), apart.at("d_input"));
  }
}

TYPED_TEST(ResidualLayerNorm, adds_columns_in_any_order_when_stochastic) {
  Problem<TypeParam> p = {{3, 70}, 384};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p, reference), p.name());
}

TEST(ResidualLayerNormReference, gradient_is_the_slope_of_the_forward_pass) {
  for (const bool inverted : {false, true}) {
    Problem<double> p = {{2, 2}, 7, inverted, true, 0.3};
    const Outputs analytic = reference_outputs(p);
    // The sum itself goes on into d_sum_extra; it is input's and residual's gradient that are
    // compared, so its part of the loss is taken from a run that keeps it.
    const auto loss = [&] {
      Problem<double> keeping = p;
      keeping.inverted = false;
      Buffers<double> b(keeping);
      reference_bias_dropout_residual_layer_norm_forward(forward_args(keeping, b));
      const std::vector<double> output = b.output.values();
      return weighted_sum(p.d_output, output) + weighted_sum(p.d_output_extra, output) +
             weighted_sum(p.d_sum_extra, b.sum.values());
    };
    Outputs numeric = analytic;
    numeric["d_input"] = numeric_gradient(p.input, loss);
    numeric["d_residual"] = numeric_gradient(p.residual, loss);
    numeric["d_bias"] = numeric_gradient(p.bias, loss);
    numeric["d_gamma"] = numeric_gradient(p.gamma, loss);
    numeric["d_beta"] = numeric_gradient(p.beta, loss);
    Tolerances all;
    for (const auto& [name, values] : analytic) all[name] = {1e-6, 1e-6};
    expect_near(analytic, numeric, all, p.name());
  }
}

}  // namespace
}  // namespace kernels::testing
