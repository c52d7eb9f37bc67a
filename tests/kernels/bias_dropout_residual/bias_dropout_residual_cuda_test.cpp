#include <gtest/gtest.h>

#include "kernels/core/column_partials.h"
#include "tests/kernels/bias_dropout_residual/bias_dropout_residual_case.h"
#include "tests/kernels/support/device_sequences.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = BiasDropoutResidualProblem<T>;

enum class InPlace { kNo, kInput, kResidual };

template <class T>
Outputs run(const Problem<T>& p, InPlace in_place = InPlace::kNo, size_t shift = 0) {
  const DeviceSequences sequences(p.sequences);
  DeviceBuffer<T> input("input", p.input, shift);
  const DeviceBuffer<T> bias("bias", p.bias);
  DeviceBuffer<T> residual("residual", p.residual);
  DeviceBuffer<T> d_output("d_output", p.d_output, shift);
  DeviceBuffer<T> apart("output", p.size);
  DeviceBuffer<T> d_input("d_input", p.size);
  DeviceBuffer<T> d_bias("d_bias", p.columns);
  DeviceBuffer<float> partials("partials",
                               cuda_column_partials_size(p.sequences.rows(), p.columns));
  DeviceBuffer<T>& output = in_place == InPlace::kNo      ? apart
                            : in_place == InPlace::kInput ? input
                                                          : residual;
  bias_dropout_residual_forward(
      BiasDropoutResidualForward<T>{output.data(), input.data(), bias.data(), residual.data(),
                                    sequences.view(), p.columns, p.stream()},
      nullptr);
  bias_dropout_residual_backward(
      BiasDropoutResidualBackward<T>{d_input.data(), d_bias.data(), d_output.data(),
                                     sequences.view(), p.columns, p.stream(), partials.data(),
                                     p.stochastic},
      nullptr);
  return {{"output", doubles_of(output)},
          {"d_input", doubles_of(d_input)},
          {"d_bias", doubles_of(d_bias)}};
}

template <class T>
void check(const Problem<T>& p) {
  check_emulated([&] { return run(p); }, expected(p), tolerances(p), p.name());
}

template <class T>
class BiasDropoutResidualCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(BiasDropoutResidualCuda, Dtypes);

TYPED_TEST(BiasDropoutResidualCuda, matches_the_reference_at_awkward_sizes) {
  for (const double probability : {0.0, 0.1, 0.5}) {
    for (const int64_t columns : {1, 7, 16, 127, 130, 264, 400}) {
      check(Problem<TypeParam>{{1, 1}, columns, probability});
      check(Problem<TypeParam>{{2, 5}, columns, probability});
      check(Problem<TypeParam>{{3, 13}, columns, probability});
    }
  }
}

TYPED_TEST(BiasDropoutResidualCuda, matches_the_reference_for_sequences_of_many_lengths) {
  for (const int64_t columns : {7, 136}) check(Problem<TypeParam>{ragged_sequences(), columns});
}

TYPED_TEST(BiasDropoutResidualCuda, matches_the_reference_over_many_row_blocks) {
  check(Problem<TypeParam>{{4, 80}, 72});
}

TYPED_TEST(BiasDropoutResidualCuda, gives_the_same_bits_wherever_its_arrays_begin) {
  const Problem<TypeParam> p = {{2, 30}, 320};
  expect_same(run(p, InPlace::kNo, 1), run(p), p.name());
}

TYPED_TEST(BiasDropoutResidualCuda, works_in_place) {
  const Problem<TypeParam> p = {{2, 3}, 152};
  expect_same(run(p, InPlace::kInput), run(p), p.name());
  expect_same(run(p, InPlace::kResidual), run(p), p.name());
}

TYPED_TEST(BiasDropoutResidualCuda, adds_columns_in_any_order_when_stochastic) {
  Problem<TypeParam> p = {{3, 40}, 384};
  const Outputs reference = expected(p);
  p.stochastic = true;
  expect_near(run(p), reference, tolerances(p), p.name());
}

}  // namespace
}  // namespace kernels::testing
