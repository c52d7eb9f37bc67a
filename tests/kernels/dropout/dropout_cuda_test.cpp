#include <gtest/gtest.h>

#include "kernels/core/dropout_bits.h"
#include "tests/kernels/dropout/dropout_case.h"
#include "tests/kernels/support/device_sequences.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

template <class T>
Outputs run(const DropoutProblem<T>& p, size_t shift = 0) {
  const DeviceSequences sequences(p.sequences);
  const DeviceBuffer<T> input("input", p.input, shift);
  DeviceBuffer<T> output("output", static_cast<int64_t>(p.input.size()));
  dropout(Dropout<T>{output.data(), input.data(), sequences.view(), p.heads, p.columns, p.stream},
          nullptr);
  return {{"output", doubles_of(output)}};
}

template <class T>
void check(const DropoutProblem<T>& p) {
  check_emulated([&] { return run(p); }, expected(p), tolerances(p), p.name());
}

template <class T>
class DropoutCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(DropoutCuda, Dtypes);

TYPED_TEST(DropoutCuda, matches_the_reference_at_awkward_sizes) {
  for (const int64_t columns : {1, 2, 15, 16, 17, 31, 120, 127, 128, 129, 256, 300, 520}) {
    for (const auto& [sequences, heads] : std::vector<std::pair<Sequences, int64_t>>{
             {{1, 1}, 1}, {{2, 5}, 1}, {{3, 11}, 4}, {ragged_sequences(), 3}}) {
      check(DropoutProblem<TypeParam>{sequences, heads, columns});
    }
  }
}

TYPED_TEST(DropoutCuda, drops_what_the_cpu_drops_for_large_64_bit_keys) {
  DropoutProblem<TypeParam> p = {{2, 4}, 3, 200};
  p.stream = {0x123456789abcdef0, 0xfedcba9876543210, 23, 255, 0.5, (int64_t{1} << 40) + 3};
  check(p);
  const std::vector<double> output = run(p).at("output");
  size_t i = 0;
  for (int64_t sequence = 0; sequence < 2; ++sequence) {
    for (int64_t head = 0; head < 3; ++head) {
      for (int64_t row = 0; row < 4; ++row) {
        for (int64_t column = 0; column < 200; ++column, ++i) {
          ASSERT_EQ(output[i] != 0, keep(p.stream, sequence, head, row, column)) << i;
        }
      }
    }
  }
}

TYPED_TEST(DropoutCuda, takes_the_step_from_the_device_where_it_is_told_to) {
  for (const int64_t heads : {1, 3}) {
    DropoutProblem<TypeParam> p = {{2, 5}, heads, 200};
    p.stream.step = 0xfedcba9876543210;
    const Outputs expected_bits = run(p);
    const DeviceBuffer<int64_t> step("step",
                                     std::vector<int64_t>{static_cast<int64_t>(p.stream.step)});
    p.stream.step = 1;
    ASSERT_NE(run(p), expected_bits);
    p.stream.step_on_device = step.data();
    expect_same(run(p), expected_bits, p.name());
  }
}

TYPED_TEST(DropoutCuda, drops_nearly_everything_with_a_probability_next_to_1) {
  DropoutProblem<TypeParam> p = {{2, 4}, 1, 520};
  p.stream.probability = 0.99;
  check(p);
}

TYPED_TEST(DropoutCuda, copies_without_a_probability) {
  DropoutProblem<TypeParam> p = {{2, 3}, 1, 37};
  p.stream.probability = 0;
  EXPECT_EQ(run(p).at("output"), to_doubles(p.input));
}

TYPED_TEST(DropoutCuda, gives_the_same_bits_wherever_its_arrays_begin) {
  const DropoutProblem<TypeParam> p = {{2, 7}, 2, 320};
  expect_same(run(p, 1), run(p), p.name());
}

TYPED_TEST(DropoutCuda, works_in_place) {
  const DropoutProblem<TypeParam> p = {{2, 3}, 1, 200};
  const DeviceSequences sequences(p.sequences);
  DeviceBuffer<TypeParam> values("values", p.input);
  dropout(Dropout<TypeParam>{values.data(), values.data(), sequences.view(), 1, 200, p.stream},
          nullptr);
  EXPECT_EQ(doubles_of(values), run(p).at("output"));
}

}  // namespace
}  // namespace kernels::testing
