#include <gtest/gtest.h>

#include "kernels/dropout/dropout.h"
#include "tests/kernels/softmax_dropout/softmax_dropout_case.h"
#include "tests/kernels/support/device_sequences.h"
#include "tests/kernels/support/emulated.h"

namespace kernels::testing {
namespace {

template <class T>
using Problem = SoftmaxDropoutProblem<T>;

/// A problem in the device's memory, and where it writes.
template <class T>
struct Device {
  explicit Device(const Problem<T>& p)
      : scores("scores", p.scores),
        d_dropped("d_dropped", p.d_dropped),
        lengths("lengths", p.lengths),
        probabilities("probabilities", p.size),
        dropped("dropped", p.size),
        d_scores("d_scores", p.size) {}

  DeviceBuffer<T> scores;
  DeviceBuffer<T> d_dropped;
  DeviceBuffer<int64_t> lengths;
  DeviceBuffer<T> probabilities;
  DeviceBuffer<T> dropped;
  DeviceBuffer<T> d_scores;
};

template <class T>
SoftmaxDropoutForward<T> forward_args(const Problem<T>& p, Device<T>& d) {
  return {d.probabilities.data(),
          d.dropped.data(),
          d.scores.data(),
          d.lengths.data(),
          p.batch,
          p.heads,
          p.sequence,
          p.scale,
          p.stream()};
}

template <class T>
SoftmaxDropoutBackward<T> backward_args(const Problem<T>& p, Device<T>& d) {
  return {d.d_scores.data(),
          d.d_dropped.data(),
          d.probabilities.data(),
          d.lengths.data(),
          p.batch,
          p.heads,
          p.sequence,
          p.scale,
          p.stream()};
}

template <class T>
Outputs run(const Problem<T>& p) {
  Device<T> d(p);
  softmax_dropout_forward(forward_args(p, d), nullptr);
  softmax_dropout_backward(backward_args(p, d), nullptr);
  return {{"probabilities", doubles_of(d.probabilities)},
          {"dropped", doubles_of(d.dropped)},
          {"d_scores", doubles_of(d.d_scores)}};
}

template <class T>
void check(const Problem<T>& p) {
  check_emulated([&] { return run(p); }, expected(p), tolerances(p), p.name());
}

template <class T>
class SoftmaxDropoutCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(SoftmaxDropoutCuda, Dtypes);

TYPED_TEST(SoftmaxDropoutCuda, matches_the_reference_at_awkward_sizes) {
  for (const double probability : {0.0, 0.1}) {
    check(Problem<TypeParam>{1, 1, {1}, probability});
    for (const int64_t sequence : {2, 7, 16, 33, 64, 129}) {
      check(Problem<TypeParam>{1, sequence, {sequence}, probability});
    }
    for (const int64_t sequence : {2, 16, 33, 40}) {
      check(Problem<TypeParam>{2, sequence, {sequence - 1, 1, 0, sequence / 2}, probability});
    }
  }
}

TYPED_TEST(SoftmaxDropoutCuda, matches_the_reference_for_rows_longer_than_a_chunk) {
  check(Problem<TypeParam>{1, 272, {260}});
  check(Problem<TypeParam>{1, 301, {301}});
}

TYPED_TEST(SoftmaxDropoutCuda, matches_the_reference_for_rows_that_no_warp_holds) {
  check(Problem<TypeParam>{1, 520, {515}});
  check(Problem<TypeParam>{1, 521, {100}});
}

TYPED_TEST(SoftmaxDropoutCuda, does_not_overflow) {
  check(Problem<TypeParam>{1, 37, {37, 20}, 0.1, 3e4});
}

TYPED_TEST(SoftmaxDropoutCuda, masked_keys_get_exactly_nothing_whatever_is_in_their_place) {
  for (const int64_t sequence : {19, 24}) {
    const Problem<TypeParam> p = {2, sequence, {5, sequence - 1}};
    Device<TypeParam> d(p);
    const auto masked = [&](int64_t i) {
      return i % sequence >= p.lengths[static_cast<size_t>(i / (2 * sequence * sequence))];
    };
    for (int64_t i = 0; i < p.size; ++i) {
      if (!masked(i)) continue;
      d.scores.data()[i] = from_double<TypeParam>(std::nan(""));
      d.d_dropped.data()[i] = from_double<TypeParam>(std::nan(""));
    }
    softmax_dropout_forward(forward_args(p, d), nullptr);
    softmax_dropout_backward(backward_args(p, d), nullptr);
    const Outputs expected_outputs = run(p);
    EXPECT_EQ(doubles_of(d.probabilities), expected_outputs.at("probabilities"));
    EXPECT_EQ(doubles_of(d.dropped), expected_outputs.at("dropped"));
    EXPECT_EQ(doubles_of(d.d_scores), expected_outputs.at("d_scores"));
    const std::vector<double> gradients = doubles_of(d.d_scores);
    for (int64_t i = 0; i < p.size; ++i) {
      ASSERT_TRUE(!masked(i) || gradients[static_cast<size_t>(i)] == 0) << i;
    }
  }
}

TYPED_TEST(SoftmaxDropoutCuda, recomputed_dropped_probabilities_have_the_same_bits) {
  for (const int64_t sequence : {65, 72}) {
    const Problem<TypeParam> p = {3, sequence, {sequence, 40}};
    const Outputs outputs = run(p);
    Device<TypeParam> d(p);
    auto forward = forward_args(p, d);
    forward.dropped = nullptr;
    softmax_dropout_forward(forward, nullptr);
    const DeviceSequences sequences(Sequences(p.batch, p.sequence));
    dropout(Dropout<TypeParam>{d.dropped.data(), d.probabilities.data(), sequences.view(), p.heads,
                               p.sequence, p.stream()},
            nullptr);
    EXPECT_EQ(doubles_of(d.probabilities), outputs.at("probabilities"));
    EXPECT_EQ(doubles_of(d.dropped), outputs.at("dropped"));
  }
}

TYPED_TEST(SoftmaxDropoutCuda, works_in_place) {
  for (const int64_t sequence : {21, 24, 520}) {
    const Problem<TypeParam> p = {1, sequence, {sequence - 3}};
    const Outputs apart = run(p);
    for (const bool dropped_into_scores : {false, true}) {
      Device<TypeParam> d(p);
      auto forward = forward_args(p, d);
      (dropped_into_scores ? forward.dropped : forward.probabilities) = d.scores.data();
      softmax_dropout_forward(forward, nullptr);
      EXPECT_EQ(doubles_of(dropped_into_scores ? d.probabilities : d.scores),
                apart.at("probabilities"));
      EXPECT_EQ(doubles_of(dropped_into_scores ? d.scores : d.dropped), apart.at("dropped"));
    }
    Device<TypeParam> d(p);
    softmax_dropout_forward(forward_args(p, d), nullptr);
    auto backward = backward_args(p, d);
    backward.d_scores = d.d_dropped.data();
    softmax_dropout_backward(backward, nullptr);
    EXPECT_EQ(doubles_of(d.d_dropped), apart.at("d_scores"));
  }
}

}  // namespace
}  // namespace kernels::testing
