#include "kernels/dropout/dropout.h"

#include <gtest/gtest.h>

#include "tests/kernels/dropout/dropout_case.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = DropoutProblem<T>;

template <class T>
Outputs run(const Problem<T>& p) {
  Guarded<T> output(static_cast<int64_t>(p.input.size()));
  dropout(
      Dropout<T>{output.data(), p.input.data(), p.sequences.view(), p.heads, p.columns, p.stream});
  EXPECT_TRUE(output.intact());
  return {{"output", output.values()}};
}

template <class T>
class DropoutOperator : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(DropoutOperator, Dtypes);

TYPED_TEST(DropoutOperator, matches_the_reference_at_awkward_sizes) {
  for (const int64_t columns : {1, 2, 15, 16, 17, 31, 127, 128, 129, 300}) {
    for (const auto& [sequences, heads] : std::vector<std::pair<Sequences, int64_t>>{
             {{1, 1}, 1}, {{2, 5}, 1}, {{3, 11}, 4}, {ragged_sequences(), 3}}) {
      const Problem<TypeParam> p = {sequences, heads, columns};
      check_everywhere([&] { return run(p); }, expected(p), tolerances(p), p.name());
    }
  }
}

TYPED_TEST(DropoutOperator, matches_the_reference_for_large_64_bit_keys) {
  Problem<TypeParam> p = {{2, 4}, 3, 200};
  p.stream = {0x123456789abcdef0, 0xfedcba9876543210, 23, 255, 0.5, (int64_t{1} << 40) + 3};
  check_everywhere([&] { return run(p); }, expected(p), tolerances(p), p.name());
}

TYPED_TEST(DropoutOperator, copies_without_a_probability) {
  Problem<TypeParam> p = {{2, 3}, 1, 37};
  p.stream.probability = 0;
  EXPECT_EQ(run(p).at("output"), to_doubles(p.input));
}

TYPED_TEST(DropoutOperator, works_in_place) {
  Problem<TypeParam> p = {{2, 3}, 1, 200};
  const Outputs apart = run(p);
  dropout(Dropout<TypeParam>{p.input.data(), p.input.data(), p.sequences.view(), 1, 200, p.stream});
  EXPECT_EQ(to_doubles(p.input), apart.at("output"));
}

TYPED_TEST(DropoutOperator, does_not_depend_on_how_a_batch_is_split) {
  const Problem<TypeParam> whole = {{4, 5}, 2, 70};
  const std::vector<double> all = run(whole).at("output");
  const auto half = static_cast<int64_t>(all.size() / 2);
  for (const int64_t part : {0, 1}) {
    Problem<TypeParam> p = {{2, 5}, 2, 70};
    p.stream.first_sequence = whole.stream.first_sequence + 2 * part;
    p.input.assign(whole.input.begin() + half * part, whole.input.begin() + half * (part + 1));
    EXPECT_EQ(run(p).at("output"),
              std::vector<double>(all.begin() + half * part, all.begin() + half * (part + 1)));
  }
}

}  // namespace
}  // namespace kernels::testing
