#include "kernels/softmax_dropout/softmax_dropout.h"

#include <gtest/gtest.h>

#include "kernels/dropout/dropout.h"
#include "tests/kernels/softmax_dropout/softmax_dropout_case.h"
#include "tests/kernels/support/sequences.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = SoftmaxDropoutProblem<T>;

/// Backward starts from the probabilities that forward wrote.
template <class T>
Outputs run(const Problem<T>& p) {
  Guarded<T> probabilities(p.size);
  Guarded<T> dropped(p.size);
  Guarded<T> d_scores(p.size);
  softmax_dropout_forward(SoftmaxDropoutForward<T>{probabilities.data(), dropped.data(),
                                                   p.scores.data(), p.lengths.data(), p.batch,
                                                   p.heads, p.sequence, p.scale, p.stream()});
  softmax_dropout_backward(SoftmaxDropoutBackward<T>{
      d_scores.data(), p.d_dropped.data(), probabilities.data(), p.lengths.data(), p.batch, p.heads,
      p.sequence, p.scale, p.stream()});
  EXPECT_TRUE(probabilities.intact() && dropped.intact() && d_scores.intact());
  return {{"probabilities", probabilities.values()},
          {"dropped", dropped.values()},
          {"d_scores", d_scores.values()}};
}

template <class T>
void check(const Problem<T>& p) {
  check_everywhere([&] { return run(p); }, expected(p), tolerances(p), p.name());
}

template <class T>
class SoftmaxDropout : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(SoftmaxDropout, Dtypes);

TYPED_TEST(SoftmaxDropout, matches_the_reference_at_awkward_sizes) {
  for (const double probability : {0.0, 0.1}) {
    check(Problem<TypeParam>{1, 1, {1}, probability});
    for (const int64_t sequence : {2, 7, 15, 16, 17, 33, 63, 129}) {
      check(Problem<TypeParam>{1, sequence, {sequence}, probability});
      check(Problem<TypeParam>{2, sequence, {sequence - 1, 1, 0, sequence / 2}, probability});
    }
  }
}

TYPED_TEST(SoftmaxDropout, matches_the_reference_for_rows_longer_than_its_buffer) {
  // Two sequences of which few rows would do, but a row is as long as the sequence.
  Problem<TypeParam> p = {1, 2100, {2100}};
  const SoftmaxDropoutForward<TypeParam> args = {
      p.scores.data(), nullptr, p.scores.data(), p.lengths.data(), 1, 1, 2100, p.scale, p.stream()};
  std::vector<double> scores = to_doubles(p.scores);
  softmax_dropout_forward(args);
  const int64_t length = 2100;
  std::vector<double> expected(scores.size());
  reference_softmax_dropout_forward(SoftmaxDropoutForward<double>{
      expected.data(), nullptr, scores.data(), &length, 1, 1, 2100, p.scale, p.stream()});
  expect_near({{"probabilities", to_doubles(p.scores)}}, {{"probabilities", expected}},
              tolerances(p), p.name());
}

TYPED_TEST(SoftmaxDropout, does_not_overflow) {
  Problem<TypeParam> p = {1, 37, {37, 20}, 0.1, 3e4};
  check(p);
}

TYPED_TEST(SoftmaxDropout, masked_keys_get_exactly_nothing) {
  const Problem<TypeParam> p = {2, 19, {5, 18}};
  const Outputs outputs = run(p);
  for (int64_t i = 0; i < p.size; ++i) {
    if (i % 19 < p.lengths[static_cast<size_t>(i / (2 * 19 * 19))]) continue;
    for (const auto& [name, values] : outputs) {
      ASSERT_EQ(values[static_cast<size_t>(i)], 0) << name << "[" << i << "]";
    }
  }
}

TYPED_TEST(SoftmaxDropout, recomputed_dropped_probabilities_have_the_same_bits) {
  const Problem<TypeParam> p = {3, 65, {65, 40}};
  Guarded<TypeParam> probabilities(p.size);
  Guarded<TypeParam> again(p.size);
  softmax_dropout_forward(SoftmaxDropoutForward<TypeParam>{
      probabilities.data(), nullptr, p.scores.data(), p.lengths.data(), p.batch, p.heads,
      p.sequence, p.scale, p.stream()});
  const Sequences sequences(p.batch, p.sequence);
  dropout(Dropout<TypeParam>{again.data(), probabilities.data(), sequences.view(), p.heads,
                             p.sequence, p.stream()});
  const Outputs outputs = run(p);
  EXPECT_EQ(probabilities.values(), outputs.at("probabilities"));
  EXPECT_EQ(again.values(), outputs.at("dropped"));
}

TYPED_TEST(SoftmaxDropout, works_in_place) {
  Problem<TypeParam> p = {2, 21, {21, 9}};
  const Outputs apart = run(p);
  std::vector<TypeParam> scores = p.scores;
  Guarded<TypeParam> other(p.size);
  SoftmaxDropoutForward<TypeParam> forward = {scores.data(),    other.data(), scores.data(),
                                              p.lengths.data(), p.batch,      p.heads,
                                              p.sequence,       p.scale,      p.stream()};
  softmax_dropout_forward(forward);
  EXPECT_EQ(to_doubles(scores), apart.at("probabilities"));
  EXPECT_EQ(other.values(), apart.at("dropped"));
  scores = p.scores;
  forward.probabilities = other.data();
  forward.dropped = scores.data();
  softmax_dropout_forward(forward);
  EXPECT_EQ(other.values(), apart.at("probabilities"));
  EXPECT_EQ(to_doubles(scores), apart.at("dropped"));
  std::vector<TypeParam> gradient = p.d_dropped;
  softmax_dropout_backward(SoftmaxDropoutBackward<TypeParam>{
      gradient.data(), gradient.data(), other.data(), p.lengths.data(), p.batch, p.heads,
      p.sequence, p.scale, p.stream()});
  EXPECT_EQ(to_doubles(gradient), apart.at("d_scores"));
}

TEST(SoftmaxDropoutReference, gradient_is_the_slope_of_the_forward_pass) {
  Problem<double> p = {2, 5, {5, 3, 0}, 0.3};
  const Outputs analytic = reference_outputs(p);
  const auto loss = [&] { return weighted_sum(p.d_dropped, reference_outputs(p).at("dropped")); };
  Outputs numeric = analytic;
  numeric["d_scores"] = numeric_gradient(p.scores, loss);
  const Tolerance close = {1e-7, 1e-7};
  expect_near(analytic, numeric,
              {{"probabilities", close}, {"dropped", close}, {"d_scores", close}}, p.name());
}

}  // namespace
}  // namespace kernels::testing
