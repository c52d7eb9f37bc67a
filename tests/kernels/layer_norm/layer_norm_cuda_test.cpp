#include <cmath>
#include <optional>

#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/layer_norm/layer_norm_case.h"
#include "tests/kernels/support/device_kept_columns.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

enum class InPlace { kNo, kOutput, kResidual };

template <class T>
Outputs run(const LayerNormProblem<T>& p, InPlace in_place = InPlace::kNo,
            std::optional<int64_t> room = {}) {
  const DeviceBuffer<T> input("input", p.input);
  const DeviceBuffer<T> gamma("gamma", p.gamma);
  const DeviceBuffer<T> beta("beta", p.beta);
  DeviceBuffer<T> d_output("d_output", p.d_output);
  DeviceBuffer<T> d_residual("d_residual", p.d_residual);
  DeviceBuffer<T> output("output", p.rows * p.columns);
  DeviceBuffer<T> apart("d_input", p.rows * p.columns);
  DeviceBuffer<T> d_gamma("d_gamma", p.columns);
  DeviceBuffer<T> d_beta("d_beta", p.columns);
  DeviceBuffer<float> mean("mean", p.rows);
  DeviceBuffer<float> rstd("rstd", p.rows);
  DeviceBuffer<float> partials("partials", cuda_column_partials_size(p.rows, p.columns, 2));
  DeviceKeptColumns kept(p.rows, p.inverted, p.gamma, p.beta, room);
  DeviceBuffer<T>& d_input = in_place == InPlace::kNo       ? apart
                             : in_place == InPlace::kOutput ? d_output
                                                            : d_residual;
  layer_norm_forward(
      LayerNormForward<T>{output.data(), mean.data(), rstd.data(), input.data(), gamma.data(),
                          beta.data(), p.rows, p.columns, p.eps, kept.view()},
      nullptr);
  layer_norm_backward(
      LayerNormBackward<T>{
          d_input.data(), d_gamma.data(), d_beta.data(), d_output.data(),
          p.with_residual ? d_residual.data() : nullptr, p.inverted ? nullptr : input.data(),
          p.inverted ? output.data() : nullptr, mean.data(), rstd.data(), gamma.data(), beta.data(),
          p.rows, p.columns, kept.view(), partials.data(), p.stochastic},
      nullptr);
  return {{"output", doubles_of(output)},   {"mean", doubles_of(mean)},
          {"rstd", doubles_of(rstd)},       {"d_input", doubles_of(d_input)},
          {"d_gamma", doubles_of(d_gamma)}, {"d_beta", doubles_of(d_beta)}};
}

template <class T>
void check(const LayerNormProblem<T>& p) {
  const Outputs reference = expected(p);
  check_emulated([&] { return run(p); }, reference, tolerances(p, reference), p.name());
}

template <class T>
class LayerNormCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(LayerNormCuda, Dtypes);

TYPED_TEST(LayerNormCuda, matches_the_reference_at_awkward_sizes) {
  for (const bool inverted : {false, true}) {
    for (const int64_t columns : {2, 7, 16, 31, 127, 256, 264, 300, 1024}) {
      for (const int64_t rows : {1, 5, 40}) {
        check(LayerNormProblem<TypeParam>{rows, columns, inverted, rows == 5});
      }
    }
  }
}

TYPED_TEST(LayerNormCuda, matches_the_reference_for_rows_that_no_block_holds) {
  for (const bool inverted : {false, true}) {
    for (const int64_t columns : {1025, 1032, 2600}) {
      check(LayerNormProblem<TypeParam>{4, columns, inverted, true});
    }
  }
}

TYPED_TEST(LayerNormCuda, matches_the_reference_over_many_row_blocks) {
  check(LayerNormProblem<TypeParam>{300, 40});
}

TYPED_TEST(LayerNormCuda, inverts_where_gamma_is_near_or_exactly_0) {
  for (const int64_t columns : {5, 33, 384, 1100}) {
    LayerNormProblem<TypeParam> p = {7, columns, true};
    spoil_gamma(p.gamma);
    check(p);
  }
}

TYPED_TEST(LayerNormCuda, inverts_where_every_gamma_is_0) {
  for (const int64_t columns : {37, 40}) {
    LayerNormProblem<TypeParam> p = {4, columns, true, true};
    p.gamma.assign(p.gamma.size(), TypeParam{});
    check(p);
  }
}

TYPED_TEST(LayerNormCuda, keeps_columns_in_room_for_more_with_the_same_bits) {
  for (const int64_t columns : {33, 384, 1100}) {
    LayerNormProblem<TypeParam> p = {7, columns, true};
    const Outputs of_none = run(p);
    expect_same(run(p, InPlace::kNo, 9), of_none, p.name() + " with room for none");
    spoil_gamma(p.gamma);
    const Outputs expected = run(p);
    expect_same(run(p, InPlace::kNo, columns / 3 + 9), expected, p.name());
  }
}

TYPED_TEST(LayerNormCuda, has_nan_where_there_is_no_room_for_a_column) {
  LayerNormProblem<TypeParam> p = {4, 100, true};
  p.gamma[10] = p.gamma[20] = p.gamma[30] = TypeParam{};
  const Outputs outputs = run(p, InPlace::kNo, 2);
  for (size_t column = 0; column < 100; ++column) {
    EXPECT_EQ(std::isnan(outputs.at("d_gamma")[column]), column == 30) << column;
  }
  for (const double value : outputs.at("d_input")) EXPECT_TRUE(std::isnan(value));
}

TYPED_TEST(LayerNormCuda, of_a_constant_row_is_beta) {
  for (const int64_t columns : {3, 100, 768, 1032}) {
    LayerNormProblem<TypeParam> p = {4, columns};
    // Gradients grow with 1 / sqrt(eps), and float16 ends at 65504.
    p.eps = std::is_same_v<TypeParam, float16> ? 1e-5F : 1e-12F;
    std::fill_n(p.input.begin(), 2 * columns, from_double<TypeParam>(0.3));
    check(p);
    const Outputs outputs = run(p);
    for (size_t i = 0; i < static_cast<size_t>(2 * columns); ++i) {
      EXPECT_EQ(outputs.at("output")[i], to_double(p.beta[i % static_cast<size_t>(columns)]));
    }
  }
}

TYPED_TEST(LayerNormCuda, keeps_its_accuracy_far_from_zero) {
  LayerNormProblem<TypeParam> p = {3, 200};
  p.input = uniform<TypeParam>(600, 1, 96, 160);
  check(p);
}

TYPED_TEST(LayerNormCuda, works_in_place) {
  for (const int64_t columns : {48, 1100}) {
    const LayerNormProblem<TypeParam> p = {6, columns, false, true};
    const Outputs apart = run(p);
    expect_same(run(p, InPlace::kOutput), apart, p.name());
    expect_same(run(p, InPlace::kResidual), apart, p.name());
  }
}

TYPED_TEST(LayerNormCuda, adds_columns_in_any_order_when_stochastic) {
  for (const int64_t columns : {384, 1100}) {
    LayerNormProblem<TypeParam> p = {70, columns};
    const Outputs reference = expected(p);
    p.stochastic = true;
    expect_near(run(p), reference, tolerances(p, reference), p.name());
  }
}

TYPED_TEST(LayerNormCuda, of_no_rows_has_gradients_of_0) {
  const Outputs outputs = run(LayerNormProblem<TypeParam>{0, 40});
  EXPECT_EQ(outputs.at("d_gamma"), std::vector<double>(40, 0));
  EXPECT_EQ(outputs.at("d_beta"), std::vector<double>(40, 0));
}

}  // namespace
}  // namespace kernels::testing
