#include "train/parallel/bucketed_reduction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/parallel/processes.h"

namespace train {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr int64_t kSmallBuckets = 40;  ///< bytes: ten elements

model::Parameter parameter(const std::string& name, const at::Tensor& values) {
  return {name, values.clone().requires_grad_(true), true};
}

/// What process `rank` multiplies its parameters by: their gradients.
at::Tensor factor(int rank, at::IntArrayRef sizes) {
  return at::arange(6, at::kFloat).view(sizes) + static_cast<float>(10 * rank);
}

at::Tensor sum_of_factors(at::IntArrayRef sizes) {
  at::Tensor sum = at::zeros(sizes);
  for (int rank = 0; rank < processes::all().size(); ++rank) sum += factor(rank, sizes);
  return sum;
}

class BucketSizes : public testing::TestWithParam<int64_t> {};

TEST_P(BucketSizes, gradients_become_their_sums_whatever_fills_a_bucket) {
  const std::vector<model::Parameter> parameters = {
      parameter("a", at::ones({2, 3})), parameter("b", at::ones({6}, at::kBFloat16)),
      parameter("c", at::ones({3, 2})), parameter("unused", at::ones({4}))};
  BucketedReduction reduction(parameters, processes::all(), GetParam());
  const int rank = processes::all().rank();
  for (int step = 0; step < 2; ++step) {
    for (const auto& each : parameters) each.tensor.mutable_grad().reset();
    const auto backward = [&] {
      (parameters[0].tensor * factor(rank, {2, 3})).sum().backward();
      (parameters[1].tensor * factor(rank, {6})).sum().backward();
      (parameters[2].tensor * factor(rank, {3, 2})).sum().backward();
    };
    backward();  // of a micro-batch before the last
    EXPECT_TRUE(at::equal(parameters[0].tensor.grad(), factor(rank, {2, 3})));
    reduction.begin_last_backward();
    backward();
    reduction.finish();
    EXPECT_TRUE(at::equal(parameters[0].tensor.grad(), 2 * sum_of_factors({2, 3})));
    EXPECT_TRUE(
        at::equal(parameters[1].tensor.grad(), (2 * sum_of_factors({6})).to(at::kBFloat16)));
    EXPECT_TRUE(at::equal(parameters[2].tensor.grad(), 2 * sum_of_factors({3, 2})));
    EXPECT_FALSE(parameters[3].tensor.grad().defined());
  }
}

INSTANTIATE_TEST_SUITE_P(of, BucketSizes, testing::Values(1, kSmallBuckets, kBucketBytes));

TEST(BucketedReduction, bf16_is_added_up_in_fp32) {
  // 1 + 2^-8 is no bf16 number: in bf16, every process but the first would be lost.
  const auto& all = processes::all();
  const std::vector<model::Parameter> parameters = {parameter("a", at::ones({1}, at::kBFloat16))};
  BucketedReduction reduction(parameters, processes::all());
  const double own = all.rank() == 0 ? 1 : 1.0 / 256;
  reduction.begin_last_backward();
  (parameters[0].tensor * own).sum().backward();
  reduction.finish();
  const at::Tensor sum = at::tensor({1 + (all.size() - 1) / 256.0}).to(at::kBFloat16);
  EXPECT_TRUE(at::equal(parameters[0].tensor.grad(), sum));
}

TEST(BucketedReduction, a_gradient_that_some_processes_lack_is_named) {
  auto& all = processes::all();
  if (all.size() == 1) GTEST_SKIP() << "alone, nobody else has it";
  const std::vector<model::Parameter> parameters = {parameter("encoder.weight", at::ones({6})),
                                                    parameter("head.weight", at::ones({6}))};
  BucketedReduction reduction(parameters, all, kSmallBuckets);
  reduction.begin_last_backward();
  if (all.rank() > 0) parameters[1].tensor.sum().backward();
  parameters[0].tensor.sum().backward();
  const std::string expected = "head.weight has a gradient on " + std::to_string(all.size() - 1) +
                               " of " + std::to_string(all.size()) + " processes";
  EXPECT_THAT([&] { reduction.finish(); }, ThrowsMessage<CommunicatorError>(HasSubstr(expected)));
}

TEST(BucketedReduction, sums_begin_before_the_backward_pass_is_over) {
  auto& all = processes::all();
  if (all.size() == 1) GTEST_SKIP() << "alone, nothing is added up";
  const std::vector<model::Parameter> parameters = {parameter("first", at::ones({6})),
                                                    parameter("last", at::ones({6}))};
  BucketedReduction reduction(parameters, all, kSmallBuckets);
  reduction.begin_last_backward();
  const at::Tensor* const last = &parameters[1].tensor.grad();
  parameters[1].tensor.sum().backward();
  // A full bucket has taken the gradient over: behind it stands the count of processes.
  EXPECT_GT(last->storage().nbytes(), static_cast<size_t>(last->nbytes()));
  parameters[0].tensor.sum().backward();
  reduction.finish();
}

TEST(BucketedReduction, gradients_are_left_alone_when_it_is_gone) {
  const auto a = parameter("a", at::ones({6}));
  { const BucketedReduction reduction({a}, processes::all()); }
  a.tensor.sum().backward();
  EXPECT_TRUE(at::equal(a.tensor.grad(), at::ones({6})));
}

TEST(BucketedReduction, wider_gradients_than_it_adds_up_in_are_refused) {
  EXPECT_THAT(
      [] { BucketedReduction({parameter("a", at::ones({2}, at::kDouble))}, processes::all()); },
      ThrowsMessage<std::invalid_argument>(HasSubstr("gradients of a are Double")));
}

}  // namespace
}  // namespace train
