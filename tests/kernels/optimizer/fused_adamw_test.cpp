#include "kernels/optimizer/fused_adamw.h"

#include <limits>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/tensor/dtype.h"
#include "tests/train/resumed_optimizer.h"
#include "train/optimizer.h"

namespace kernels {
namespace {

using model::Parameter;
using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A large learning rate, so that an error of the update shows beside the weights.
const model::AdamWOptions kOptions{.learning_rate = 0.01, .weight_decay = 0.1};

/// Parameters of awkward sizes, decaying and not, with values that bf16 represents.
std::vector<Parameter> parameters(const at::TensorOptions& options) {
  at::manual_seed(3);
  std::vector<Parameter> list;
  for (const auto& sizes :
       std::vector<std::vector<int64_t>>{{37, 41}, {17}, {0}, {1}, {300, 200}}) {
    const at::Tensor values = at::randn(sizes, at::kBFloat16).to(options.device());
    list.push_back({"p" + std::to_string(list.size()),
                    values.to(options.dtype()).requires_grad_(true), list.size() % 2 == 0});
  }
  return list;
}

/// The same gradients, rounded to bf16, for both.
void draw_gradients(const std::vector<Parameter>& some, const std::vector<Parameter>& others) {
  for (size_t i = 0; i < some.size(); ++i) {
    const at::Tensor gradient = at::randn(some[i].tensor.sizes(), at::kBFloat16);
    some[i].tensor.mutable_grad() = gradient.to(some[i].tensor.options());
    others[i].tensor.mutable_grad() = gradient.to(others[i].tensor.options());
  }
}

double largest_difference(const at::Tensor& value, const at::Tensor& expected) {
  if (value.numel() == 0) return 0;
  return (value.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>();
}

class FusedAdamWOf : public testing::TestWithParam<at::ScalarType> {};

/// What it has kernels for where this program's tensors are.
std::vector<at::ScalarType> dtypes() {
  std::vector<at::ScalarType> list;
  for (const auto dtype : {at::kFloat, at::kBFloat16, at::kHalf}) {
    if (operators_take(at::kCPU, dtype)) list.push_back(dtype);
  }
  return list;
}

INSTANTIATE_TEST_SUITE_P(Dtypes, FusedAdamWOf, testing::ValuesIn(dtypes()),
                         [](const auto& instance) { return at::toString(instance.param); });

/// Five steps beside LibTorch's AdamW in fp64.
void expect_fp64_followed(at::ScalarType dtype, const model::AdamWOptions& options,
                          std::optional<double> max_norm) {
  const auto fused = parameters(dtype);
  const auto wide = parameters(at::kDouble);
  FusedAdamW optimizer(fused, options);
  train::AdamW reference(wide, options);
  for (int step = 0; step < 5; ++step) {
    draw_gradients(fused, wide);
    optimizer.step(max_norm);
    reference.step(max_norm);
    for (size_t i = 0; i < fused.size(); ++i) {
      const at::Tensor master = optimizer.master(static_cast<int64_t>(i));
      EXPECT_EQ(master.scalar_type(), at::kFloat);
      // Weights are up to 5: a few units in the last place, and the update's own error.
      EXPECT_LT(largest_difference(master, wide[i].tensor), 2e-6) << step << " " << fused[i].name;
      // As near as rounding the master, ties included.
      EXPECT_TRUE(at::equal((fused[i].tensor - master).abs(), (master.to(dtype) - master).abs()));
    }
  }
}

TEST_P(FusedAdamWOf, masters_follow_adamw_in_fp64_with_and_without_clipping) {
  for (const std::optional<double> max_norm : {std::optional<double>(), {1.5}, {1e6}}) {
    expect_fp64_followed(GetParam(), kOptions, max_norm);
  }
}

TEST_P(FusedAdamWOf, masters_follow_adamw_in_fp64_without_bias_correction) {
  model::AdamWOptions options = kOptions;
  options.bias_correction = false;
  expect_fp64_followed(GetParam(), options, {1.5});
}

TEST_P(FusedAdamWOf, the_learning_rate_changes_from_one_update_to_the_next) {
  const auto changed = parameters(GetParam());
  const auto fixed = parameters(GetParam());
  draw_gradients(changed, fixed);
  model::AdamWOptions options = kOptions;
  options.learning_rate = 0.5;
  FusedAdamW optimizer(changed, options);
  optimizer.set_learning_rate(kOptions.learning_rate);
  EXPECT_EQ(optimizer.learning_rate(), kOptions.learning_rate);
  optimizer.step({});
  FusedAdamW(fixed, kOptions).step({});
  for (size_t i = 0; i < fixed.size(); ++i) {
    EXPECT_TRUE(at::equal(changed[i].tensor, fixed[i].tensor));
  }
}

TEST_P(FusedAdamWOf, goes_on_to_the_same_bits_from_its_state) {
  train::expect_state_resumes(
      [](std::vector<Parameter> list) {
        return std::make_unique<FusedAdamW>(std::move(list), kOptions);
      },
      GetParam());
}

TEST_P(FusedAdamWOf, masters_are_those_of_libtorchs_adamw) {
  const auto fused = parameters(GetParam());
  const auto plain = parameters(GetParam());
  FusedAdamW optimizer(fused, kOptions);
  train::AdamW reference(plain, kOptions);
  for (int step = 0; step < 5; ++step) {
    draw_gradients(fused, plain);
    optimizer.step({});
    reference.step({});
  }
  for (size_t i = 0; i < fused.size(); ++i) {
    const auto index = static_cast<int64_t>(i);
    EXPECT_LT(largest_difference(optimizer.master(index), reference.master(index)), 2e-6);
  }
}

TEST_P(FusedAdamWOf, a_gradient_that_is_not_finite_spoils_what_it_spoils_in_libtorchs) {
  for (const double spoiled : {kInfinity, -kInfinity, std::nan("")}) {
    for (const std::optional<double> max_norm : {std::optional<double>(), {1.0}}) {
      const auto fused = parameters(GetParam());
      const auto plain = parameters(GetParam());
      FusedAdamW optimizer(fused, kOptions);
      train::AdamW reference(plain, kOptions);
      for (int step = 0; step < 2; ++step) {
        draw_gradients(fused, plain);
        if (step == 0) {
          fused[0].tensor.mutable_grad()[3][5] = spoiled;
          plain[0].tensor.mutable_grad()[3][5] = spoiled;
        }
        optimizer.step(max_norm);
        reference.step(max_norm);
        for (size_t i = 0; i < fused.size(); ++i) {
          EXPECT_TRUE(at::equal(fused[i].tensor.isnan(), plain[i].tensor.isnan()))
              << fused[i].name << " after " << spoiled;
        }
        EXPECT_TRUE(fused[0].tensor[3][5].isnan().item<bool>());
      }
    }
  }
}

TEST_P(FusedAdamWOf, the_number_of_threads_does_not_change_a_bit) {
  const int before = at::get_num_threads();
  std::vector<std::vector<Parameter>> results;
  for (const int threads : {1, 2}) {
    at::set_num_threads(threads);
    results.push_back(parameters(GetParam()));
    FusedAdamW optimizer(results.back(), kOptions);
    for (int step = 0; step < 3; ++step) {
      draw_gradients(results.back(), results.back());
      optimizer.step(1.0);
    }
  }
  at::set_num_threads(before);
  for (size_t i = 0; i < results[0].size(); ++i) {
    EXPECT_TRUE(at::equal(results[0][i].tensor, results[1][i].tensor));
  }
}

TEST_P(FusedAdamWOf, clipping_leaves_the_gradients_as_they_are) {
  const auto list = parameters(GetParam());
  draw_gradients(list, list);
  const at::Tensor before = list[0].tensor.grad().clone();
  FusedAdamW(list, kOptions).step(0.1);
  EXPECT_TRUE(at::equal(list[0].tensor.grad(), before));
}

TEST_P(FusedAdamWOf, state_appears_at_the_first_step_and_missing_gradients_are_left_alone) {
  const auto list = parameters(GetParam());
  FusedAdamW optimizer(list, kOptions);
  EXPECT_FALSE(optimizer.master(0).defined());
  draw_gradients(list, list);
  list[4].tensor.mutable_grad().reset();
  const at::Tensor first = list[0].tensor.detach().clone();
  const at::Tensor last = list[4].tensor.detach().clone();
  optimizer.step({});
  EXPECT_TRUE(at::equal(optimizer.master(4), last.to(at::kFloat)));
  EXPECT_FALSE(at::equal(list[0].tensor, first));
  EXPECT_TRUE(at::equal(list[4].tensor, last));
}

TEST(FusedAdamW, zero_grad_frees_the_gradients) {
  const auto list = parameters(at::kFloat);
  draw_gradients(list, list);
  FusedAdamW(list, kOptions).zero_grad();
  for (const Parameter& parameter : list) EXPECT_FALSE(parameter.tensor.grad().defined());
}

TEST(FusedAdamW, a_backward_pass_through_weights_from_before_the_update_is_refused) {
  const auto list = parameters(at::kFloat);
  const at::Tensor loss = list[4].tensor.square().sum();
  draw_gradients(list, list);
  FusedAdamW(list, kOptions).step({});
  EXPECT_THROW(loss.backward(), c10::Error);
}

template <class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const c10::Error& error) {
    return error.what_without_backtrace();
  }
  return "no error";
}

TEST(FusedAdamW, what_it_cannot_update_is_refused_by_name) {
  auto mixed = parameters(at::kFloat);
  mixed[2].tensor = mixed[2].tensor.detach().to(at::kBFloat16).requires_grad_(true);
  EXPECT_THAT(message_of([&] { FusedAdamW(mixed, kOptions); }), HasSubstr("p2 is BFloat16"));

  const auto list = parameters(at::kFloat);
  list[0].tensor.mutable_grad() = at::zeros({41, 37}).t();
  EXPECT_THAT(message_of([&] { FusedAdamW(list, kOptions).step({}); }), HasSubstr("of p0 is"));

  EXPECT_THAT(message_of([&] { FusedAdamW(parameters(at::kDouble), kOptions).step({}); }),
              HasSubstr("no fused kernels for Double on cpu"));
}

TEST(FusedAdamW, without_parameters_does_nothing) {
  FusedAdamW optimizer({}, kOptions);
  optimizer.step(1.0);
  optimizer.zero_grad();
}

/// Every precision that plans may ask for; the worker compares plan and measurement.
TEST(FusedAdamW, runs_on_meta) {
  for (const auto dtype : {at::kFloat, at::kBFloat16, at::kHalf}) {
    const auto list = parameters(at::TensorOptions(dtype).device(at::kMeta));
    FusedAdamW optimizer(list, kOptions);
    draw_gradients(list, list);
    optimizer.step(1.0);
    EXPECT_TRUE(optimizer.master(0).is_meta());
    EXPECT_EQ(optimizer.master(0).scalar_type(), at::kFloat);
  }
}

}  // namespace
}  // namespace kernels
