#include "kernels/layer_norm/layer_norm.h"

#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/layer_norm/layer_norm_case.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = LayerNormProblem<T>;

template <class T>
Outputs run(const Problem<T>& p) {
  Guarded<T> output(p.rows * p.columns);
  Guarded<T> d_input(p.rows * p.columns);
  Guarded<T> d_gamma(p.columns);
  Guarded<T> d_beta(p.columns);
  Guarded<float> mean(p.rows);
  Guarded<float> rstd(p.rows);
  Guarded<float> partials(column_partials_size(p.columns, 2));
  KeptColumns kept(p.rows, p.inverted, p.gamma, p.beta);
  const LayerNormForward<T> forward = {output.data(),  mean.data(),   rstd.data(), p.input.data(),
                                       p.gamma.data(), p.beta.data(), p.rows,      p.columns,
                                       p.eps,          kept.view()};
  const LayerNormBackward<T> backward = {d_input.data(),
                                         d_gamma.data(),
                                         d_beta.data(),
                                         p.d_output.data(),
                                         p.with_residual ? p.d_residual.data() : nullptr,
                                         p.inverted ? nullptr : p.input.data(),
                                         p.inverted ? output.data() : nullptr,
                                         mean.data(),
                                         rstd.data(),
                                         p.gamma.data(),
                                         p.beta.data(),
                                         p.rows,
                                         p.columns,
                                         kept.view(),
                                         partials.data(),
                                         p.stochastic};
  layer_norm_forward(forward);
  layer_norm_backward(backward);
  EXPECT_TRUE(output.intact() && d_input.intact() && d_gamma.intact() && d_beta.intact() &&
              mean.intact() && rstd.intact() && partials.intact() && kept.intact());
  return {{"output", output.values()},   {"mean", mean.values()},
          {"rstd", rstd.values()},       {"d_input", d_input.values()},
          {"d_gamma", d_gamma.values()}, {"d_beta", d_beta.values()}};
}

template <class T>
void check(const Problem<T>& p) {
  const Outputs reference = expected(p);
  check_everywhere([&] { return run(p); }, reference, tolerances(p, reference), p.name());
}

template <class T>
class LayerNorm : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(LayerNorm, Dtypes);

TYPED_TEST(LayerNorm, matches_the_reference_at_awkward_sizes) {
  for (const bool inverted : {false, true}) {
    for (const int64_t columns : {2, 7, 15, 16, 17, 31, 127, 300, 1024}) {
      for (const int64_t rows : {1, 5, 40}) {
        check(Problem<TypeParam>{rows, columns, inverted, rows == 5});
      }
    }
  }
}

TYPED_TEST(LayerNorm, of_one_column_is_beta) {
  Problem<TypeParam> p = {3, 1};
  const Outputs outputs = run(p);
  EXPECT_EQ(outputs.at("output"), std::vector<double>(3, to_double(p.beta[0])));
  for (const double gradient : outputs.at("d_input")) EXPECT_NEAR(gradient, 0, 1e-4);
}

TYPED_TEST(LayerNorm, inverts_where_gamma_is_near_or_exactly_0) {
  for (const int64_t columns : {5, 33, 384}) {
    Problem<TypeParam> p = {20, columns, true};
    spoil_gamma(p.gamma);
    check(p);
  }
}

TYPED_TEST(LayerNorm, inverts_where_every_gamma_is_0) {
  Problem<TypeParam> p = {4, 37, true, true};
  p.gamma.assign(p.gamma.size(), TypeParam{});
  check(p);
}

TYPED_TEST(LayerNorm, of_a_constant_row_is_beta) {
  for (const bool inverted : {false, true}) {
    for (const int64_t columns : {3, 100, 768}) {
      Problem<TypeParam> p = {4, columns, inverted};
      p.eps = 1e-12F;
      std::fill_n(p.input.begin(), 2 * columns, from_double<TypeParam>(0.3));
      check(p);
      const Outputs outputs = run(p);
      for (size_t i = 0; i < static_cast<size_t>(2 * columns); ++i) {
        EXPECT_EQ(outputs.at("output")[i], to_double(p.beta[i % static_cast<size_t>(columns)]));
      }
    }
  }
}

TYPED_TEST(LayerNorm, keeps_its_accuracy_far_from_zero) {
  Problem<TypeParam> p = {3, 200};
  p.input = uniform<TypeParam>(600, 1, 96, 160);
  check(p);
}

TYPED_TEST(LayerNorm, works_in_place) {
  Problem<TypeParam> p = {6, 45, false, true};
  const Outputs apart = run(p);
  for (const bool into_residual : {false, true}) {
    std::vector<TypeParam> d_output = p.d_output;
    std::vector<TypeParam> d_residual = p.d_residual;
    std::vector<TypeParam> sums(90);
    std::vector<float> mean(apart.at("mean").begin(), apart.at("mean").end());
    std::vector<float> rstd(apart.at("rstd").begin(), apart.at("rstd").end());
    Guarded<float> partials(column_partials_size(45, 2));
    std::vector<TypeParam>& d_input = into_residual ? d_residual : d_output;
    layer_norm_backward(LayerNormBackward<TypeParam>{
        d_input.data(), sums.data(), sums.data() + 45, d_output.data(), d_residual.data(),
        p.input.data(), nullptr, mean.data(), rstd.data(), p.gamma.data(), p.beta.data(), 6, 45,
        InvertibleColumns{}, partials.data()});
    EXPECT_EQ(to_doubles(d_input), apart.at("d_input"));
  }
}

TYPED_TEST(LayerNorm, adds_columns_in_any_order_when_stochastic) {
  Problem<TypeParam> p = {200, 384};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p, reference), p.name());
}

TEST(LayerNormReference, gradient_is_the_slope_of_the_forward_pass) {
  for (const bool inverted : {false, true}) {
    Problem<double> p = {3, 7, inverted, true};
    const Outputs analytic = reference_outputs(p);
    const auto loss = [&] {
      return weighted_sum(p.d_output, reference_outputs(p).at("output")) +
             weighted_sum(p.d_residual, p.input);
    };
    Outputs numeric = analytic;
    numeric["d_input"] = numeric_gradient(p.input, loss);
    numeric["d_gamma"] = numeric_gradient(p.gamma, loss);
    numeric["d_beta"] = numeric_gradient(p.beta, loss);
    const Tolerance close = {1e-6, 1e-6};
    Tolerances all;
    for (const auto& [name, values] : analytic) all[name] = close;
    expect_near(analytic, numeric, all, p.name());
  }
}

}  // namespace
}  // namespace kernels::testing
