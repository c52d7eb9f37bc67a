#include "kernels/bias_dropout_residual/bias_dropout_residual.h"

#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/bias_dropout_residual/bias_dropout_residual_case.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = BiasDropoutResidualProblem<T>;

template <class T>
Outputs run(const Problem<T>& p) {
  Guarded<T> output(p.size);
  Guarded<T> d_input(p.size);
  Guarded<T> d_bias(p.columns);
  Guarded<float> partials(column_partials_size(p.columns));
  const BiasDropoutResidualForward<T> forward = {
      output.data(),      p.input.data(), p.bias.data(), p.residual.data(),
      p.sequences.view(), p.columns,      p.stream()};
  const BiasDropoutResidualBackward<T> backward = {
      d_input.data(), d_bias.data(), p.d_output.data(), p.sequences.view(),
      p.columns,      p.stream(),    partials.data(),   p.stochastic};
  bias_dropout_residual_forward(forward);
  bias_dropout_residual_backward(backward);
  EXPECT_TRUE(output.intact() && d_input.intact() && d_bias.intact() && partials.intact());
  return {{"output", output.values()}, {"d_input", d_input.values()}, {"d_bias", d_bias.values()}};
}

template <class T>
class BiasDropoutResidual : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(BiasDropoutResidual, Dtypes);

TYPED_TEST(BiasDropoutResidual, matches_the_reference_at_awkward_sizes) {
  for (const double probability : {0.0, 0.1, 0.5}) {
    for (const int64_t columns : {1, 7, 15, 16, 17, 127, 130, 400}) {
      for (const auto& [batch, sequence] :
           std::vector<std::array<int64_t, 2>>{{1, 1}, {2, 5}, {3, 33}}) {
        const Problem<TypeParam> p = {{batch, sequence}, columns, probability};
        check_everywhere([&] { return run(p); }, expected(p), tolerances(p), p.name());
      }
    }
  }
}

TYPED_TEST(BiasDropoutResidual, matches_the_reference_for_sequences_of_many_lengths) {
  for (const int64_t columns : {7, 130}) {
    const Problem<TypeParam> p = {ragged_sequences(), columns};
    check_everywhere([&] { return run(p); }, expected(p), tolerances(p), p.name());
  }
}

TYPED_TEST(BiasDropoutResidual, works_in_place) {
  const Problem<TypeParam> p = {{2, 3}, 150};
  const Outputs apart = run(p);
  for (const bool into_input : {true, false}) {
    std::vector<TypeParam> input = p.input;
    std::vector<TypeParam> residual = p.residual;
    std::vector<TypeParam>& output = into_input ? input : residual;
    bias_dropout_residual_forward(BiasDropoutResidualForward<TypeParam>{
        output.data(), input.data(), p.bias.data(), residual.data(), p.sequences.view(), 150,
        p.stream()});
    EXPECT_EQ(to_doubles(output), apart.at("output"));
  }
}

TYPED_TEST(BiasDropoutResidual, adds_columns_in_any_order_when_stochastic) {
  Problem<TypeParam> p = {{3, 70}, 384};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p), p.name());
}

TEST(BiasDropoutResidualReference, gradient_is_the_slope_of_the_forward_pass) {
  Problem<double> p = {{2, 2}, 7, 0.3};
  const Outputs analytic = reference_outputs(p);
  const auto loss = [&] { return weighted_sum(p.d_output, reference_outputs(p).at("output")); };
  Outputs numeric = analytic;
  numeric["d_input"] = numeric_gradient(p.input, loss);
  numeric["d_bias"] = numeric_gradient(p.bias, loss);
  const Tolerance close = {1e-7, 1e-7};
  expect_near(analytic, numeric, {{"output", close}, {"d_input", close}, {"d_bias", close}},
              p.name());
}

}  // namespace
}  // namespace kernels::testing
