#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/bias_dropout_residual_layer_norm/residual_layer_norm_case.h"
#include "tests/kernels/support/device_kept_columns.h"
#include "tests/kernels/support/device_sequences.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = ResidualLayerNormProblem<T>;

/// A problem in the device's memory, and where it writes.
template <class T>
struct Device {
  explicit Device(const Problem<T>& p)
      : sequences(p.sequences),
        input("input", p.input),
        bias("bias", p.bias),
        residual("residual", p.residual),
        gamma("gamma", p.gamma),
        beta("beta", p.beta),
        d_output("d_output", p.d_output),
        d_output_extra("d_output_extra", p.d_output_extra),
        d_sum_extra("d_sum_extra", p.d_sum_extra),
        output("output", p.size),
        sum("sum", p.size),
        mean("mean", p.rows),
        rstd("rstd", p.rows),
        d_input("d_input", p.size),
        d_residual("d_residual", p.size),
        d_bias("d_bias", p.columns),
        d_gamma("d_gamma", p.columns),
        d_beta("d_beta", p.columns),
        partials("partials", cuda_column_partials_size(p.rows, p.columns, 3)),
        kept(p.rows, p.inverted, p.gamma, p.beta) {}

  Outputs outputs() const {
    return {{"output", doubles_of(output)},
            {"mean", doubles_of(mean)},
            {"rstd", doubles_of(rstd)},
            {"d_input", doubles_of(d_input)},
            {"d_residual", doubles_of(d_residual)},
            {"d_bias", doubles_of(d_bias)},
            {"d_gamma", doubles_of(d_gamma)},
            {"d_beta", doubles_of(d_beta)}};
  }

  DeviceSequences sequences;
  DeviceBuffer<T> input;
  DeviceBuffer<T> bias;
  DeviceBuffer<T> residual;
  DeviceBuffer<T> gamma;
  DeviceBuffer<T> beta;
  DeviceBuffer<T> d_output;
  DeviceBuffer<T> d_output_extra;
  DeviceBuffer<T> d_sum_extra;
  DeviceBuffer<T> output;
  DeviceBuffer<T> sum;
  DeviceBuffer<float> mean;
  DeviceBuffer<float> rstd;
  DeviceBuffer<T> d_input;
  DeviceBuffer<T> d_residual;
  DeviceBuffer<T> d_bias;
  DeviceBuffer<T> d_gamma;
  DeviceBuffer<T> d_beta;
  DeviceBuffer<float> partials;
  DeviceKeptColumns kept;
};

template <class T>
BiasDropoutResidualLayerNormForward<T> forward_args(const Problem<T>& p, Device<T>& d) {
  return {d.output.data(),   p.inverted ? nullptr : d.sum.data(),
          d.mean.data(),     d.rstd.data(),
          d.input.data(),    d.bias.data(),
          d.residual.data(), d.gamma.data(),
          d.beta.data(),     d.sequences.view(),
          p.columns,         p.eps,
          p.stream(),        d.kept.view()};
}

template <class T>
BiasDropoutResidualLayerNormBackward<T> backward_args(const Problem<T>& p, Device<T>& d) {
  return {d.d_input.data(),
          d.d_residual.data(),
          d.d_bias.data(),
          d.d_gamma.data(),
          d.d_beta.data(),
          d.d_output.data(),
          p.with_extras ? d.d_output_extra.data() : nullptr,
          p.with_extras ? d.d_sum_extra.data() : nullptr,
          p.inverted ? nullptr : d.sum.data(),
          p.inverted ? d.output.data() : nullptr,
          d.mean.data(),
          d.rstd.data(),
          d.gamma.data(),
          d.beta.data(),
          d.sequences.view(),
          p.columns,
          p.stream(),
          d.kept.view(),
          d.partials.data(),
          p.stochastic};
}

template <class T>
Outputs run(const Problem<T>& p) {
  Device<T> d(p);
  bias_dropout_residual_layer_norm_forward(forward_args(p, d), nullptr);
  bias_dropout_residual_layer_norm_backward(backward_args(p, d), nullptr);
  return d.outputs();
}

template <class T>
void check(const Problem<T>& p) {
  const Outputs reference = expected(p);
  check_emulated([&] { return run(p); }, reference, tolerances(p, reference), p.name());
}

template <class T>
class ResidualLayerNormCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(ResidualLayerNormCuda, Dtypes);

TYPED_TEST(ResidualLayerNormCuda, matches_the_reference_at_awkward_sizes) {
  for (const bool inverted : {false, true}) {
    for (const double probability : {0.0, 0.1}) {
      for (const int64_t columns : {7, 16, 33, 127, 130, 264, 1024}) {
        check(Problem<TypeParam>{{1, 1}, columns, inverted, false, probability});
        check(Problem<TypeParam>{{2, 7}, columns, inverted, true, probability});
        check(Problem<TypeParam>{{3, 11}, columns, inverted, columns % 2 == 0, probability});
      }
    }
  }
}

TYPED_TEST(ResidualLayerNormCuda, takes_the_step_from_the_device_where_it_is_told_to) {
  const Problem<TypeParam> p = {{2, 7}, 130, false, true};
  const DeviceBuffer<int64_t> step("step",
                                   std::vector<int64_t>{static_cast<int64_t>(p.stream().step)});
  const auto elsewhere = [&](auto args) {
    args.stream.step += 1;
    args.stream.step_on_device = step.data();
    return args;
  };
  Device<TypeParam> d(p);
  bias_dropout_residual_layer_norm_forward(elsewhere(forward_args(p, d)), nullptr);
  bias_dropout_residual_layer_norm_backward(elsewhere(backward_args(p, d)), nullptr);
  expect_same(d.outputs(), run(p), p.name());
}

TYPED_TEST(ResidualLayerNormCuda, matches_the_reference_for_rows_that_no_block_holds) {
  for (const bool inverted : {false, true}) {
    for (const int64_t columns : {1025, 1288}) {
      check(Problem<TypeParam>{{2, 3}, columns, inverted, true});
    }
  }
}

TYPED_TEST(ResidualLayerNormCuda, matches_the_reference_for_sequences_of_many_lengths) {
  for (const bool inverted : {false, true}) {
    check(Problem<TypeParam>{ragged_sequences(), 33, inverted, true});
    check(Problem<TypeParam>{ragged_sequences(), 136, inverted});
  }
}

TYPED_TEST(ResidualLayerNormCuda, inverts_where_gamma_is_near_or_exactly_0) {
  for (const int64_t columns : {5, 33, 384}) {
    Problem<TypeParam> p = {{2, 10}, columns, true};
    spoil_gamma(p.gamma);
    check(p);
  }
}

TYPED_TEST(ResidualLayerNormCuda, has_the_same_output_with_and_without_the_sum) {
  for (const int64_t columns : {152, 1288}) {
    Problem<TypeParam> p = {{2, 5}, columns};
    const std::vector<double> with_sum = run(p).at("output");
    p.inverted = true;
    EXPECT_EQ(run(p).at("output"), with_sum);
  }
}

TYPED_TEST(ResidualLayerNormCuda, works_in_place) {
  for (const int64_t columns : {152, 1288}) {
    const Problem<TypeParam> p = {{2, 5}, columns, false, true};
    const Outputs apart = run(p);
    for (const bool sum_into_input : {false, true}) {
      Device<TypeParam> d(p);
      auto forward = forward_args(p, d);
      (sum_into_input ? forward.sum : forward.output) = d.input.data();
      bias_dropout_residual_layer_norm_forward(forward, nullptr);
      EXPECT_EQ(doubles_of(sum_into_input ? d.output : d.input), apart.at("output"));
    }
    for (const int target : {0, 1, 2}) {
      Device<TypeParam> d(p);
      bias_dropout_residual_layer_norm_forward(forward_args(p, d), nullptr);
      DeviceBuffer<TypeParam>* gradients[] = {&d.d_output, &d.d_output_extra, &d.d_sum_extra};
      auto backward = backward_args(p, d);
      backward.d_residual = gradients[target]->data();
      bias_dropout_residual_layer_norm_backward(backward, nullptr);
      EXPECT_EQ(doubles_of(*gradients[target]), apart.at("d_residual"));
      EXPECT_EQ(doubles_of(d.d_input), apart.at("d_input"));
    }
  }
}

TYPED_TEST(ResidualLayerNormCuda, adds_columns_in_any_order_when_stochastic) {
  Problem<TypeParam> p = {{3, 40}, 384};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p, reference), p.name());
}

}  // namespace
}  // namespace kernels::testing
