#include "train/optimizer.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/train/resumed_optimizer.h"

namespace train {
namespace {

model::Parameter parameter(const at::Tensor& values, bool decays) {
  return {"p", values.clone().requires_grad_(true), decays};
}

/// AdamW in plain double loops (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2).
struct Reference {
  std::vector<double> value;
  std::vector<double> first;
  std::vector<double> second;
  int step = 0;

  explicit Reference(const at::Tensor& values) {
    for (int64_t i = 0; i < values.numel(); ++i) value.push_back(values[i].item<double>());
    first.assign(value.size(), 0);
    second.assign(value.size(), 0);
  }

  double correction(const model::AdamWOptions& options, double beta) const {
    return options.bias_correction ? 1 - std::pow(beta, step) : 1;
  }

  void update(const at::Tensor& gradient, const model::AdamWOptions& options, bool decays) {
    ++step;
    for (size_t i = 0; i < value.size(); ++i) {
      const auto g = gradient[static_cast<int64_t>(i)].item<double>();
      if (decays) value[i] -= options.learning_rate * options.weight_decay * value[i];
      first[i] = options.beta1 * first[i] + (1 - options.beta1) * g;
      second[i] = options.beta2 * second[i] + (1 - options.beta2) * g * g;
      const double m = first[i] / correction(options, options.beta1);
      const double v = second[i] / correction(options, options.beta2);
      value[i] -= options.learning_rate * m / (std::sqrt(v) + options.eps);
    }
  }
};

void expect_reference_followed(const model::AdamWOptions& options) {
  at::manual_seed(1);
  const at::Tensor start = at::randn({37}, at::kDouble);
  std::vector<model::Parameter> parameters = {parameter(start, true), parameter(start, false)};
  std::vector<Reference> references = {Reference(start), Reference(start)};
  AdamW optimizer(parameters, options);
  for (int step = 0; step < 5; ++step) {
    for (size_t i = 0; i < 2; ++i) {
      const at::Tensor gradient = at::randn({37}, at::kDouble);
      parameters[i].tensor.mutable_grad() = gradient;
      references[i].update(gradient, options, parameters[i].decays);
    }
    optimizer.step({});
  }
  for (size_t i = 0; i < 2; ++i) {
    for (int64_t k = 0; k < 37; ++k) {
      EXPECT_NEAR(parameters[i].tensor[k].item<double>(),
                  references[i].value[static_cast<size_t>(k)], 1e-12);
    }
  }
  EXPECT_FALSE(at::equal(parameters[0].tensor, parameters[1].tensor));
}

TEST(AdamW, follows_the_double_reference_with_and_without_decay) {
  expect_reference_followed({.learning_rate = 0.01, .weight_decay = 0.1});
}

TEST(AdamW, follows_the_double_reference_without_bias_correction) {
  expect_reference_followed({.learning_rate = 0.01, .bias_correction = false});
  expect_reference_followed({.learning_rate = 0.01, .beta2 = 0.99999999, .bias_correction = false});
}

TEST(AdamW, the_learning_rate_changes_from_one_update_to_the_next) {
  const std::vector<model::Parameter> parameters = {
      parameter(at::ones({2}, at::kDouble), /*decays=*/false)};
  AdamW optimizer(parameters, {.learning_rate = 0.5});
  parameters[0].tensor.mutable_grad() = at::ones({2}, at::kDouble);
  optimizer.set_learning_rate(0.25);
  EXPECT_EQ(optimizer.learning_rate(), 0.25);
  optimizer.step({});
  // The first update of Adam is the gradient's sign, but for eps.
  EXPECT_NEAR(parameters[0].tensor[0].item<double>(), 0.75, 1e-8);
}

TEST(AdamW, goes_on_to_the_same_bits_from_its_state) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    for (const bool correction : {true, false}) {
      expect_state_resumes(
          [&](std::vector<model::Parameter> parameters) {
            return std::make_unique<AdamW>(std::move(parameters),
                                           model::AdamWOptions{.bias_correction = correction});
          },
          dtype);
    }
  }
}

TEST(AdamW, without_parameters_does_nothing) {
  AdamW optimizer({}, {});
  optimizer.step(1.0);
  EXPECT_TRUE(optimizer.state().empty());
}

TEST(AdamW, bf16_follows_fp32_on_the_same_gradients_through_its_masters) {
  at::manual_seed(2);
  const at::Tensor start = at::randn({64}).to(at::kBFloat16);
  std::vector<model::Parameter> narrow = {parameter(start, true), parameter(start, false)};
  std::vector<model::Parameter> wide = {parameter(start.to(at::kFloat), true),
                                        parameter(start.to(at::kFloat), false)};
  AdamW narrow_optimizer(narrow, {});
  AdamW wide_optimizer(wide, {});
  for (int step = 0; step < 5; ++step) {
    for (size_t i = 0; i < 2; ++i) {
      const at::Tensor gradient = at::randn({64}).to(at::kBFloat16);
      narrow[i].tensor.mutable_grad() = gradient;
      wide[i].tensor.mutable_grad() = gradient.to(at::kFloat);
    }
    narrow_optimizer.step({});
    wide_optimizer.step({});
  }
  for (int64_t i = 0; i < 2; ++i) {
    const auto index = static_cast<size_t>(i);
    EXPECT_TRUE(at::equal(narrow_optimizer.master(i), wide[index].tensor));
    EXPECT_TRUE(at::equal(narrow[index].tensor, wide[index].tensor.to(at::kBFloat16)));
  }
}

// Gradients of norm 5 clipped to 2 are those times 0.4, not rounded to bf16 on the way.
TEST(AdamW, clips_as_if_its_gradients_had_been_scaled) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    at::manual_seed(4);
    const at::Tensor start = at::randn({50}).to(dtype);
    const at::Tensor direction = at::randn({50});
    const at::Tensor gradient = (direction * (5 / direction.norm())).to(dtype);
    std::vector<model::Parameter> clipped = {parameter(start, true)};
    Reference reference(start.to(at::kDouble));
    const double norm = gradient.to(at::kDouble).norm().item<double>();
    const model::AdamWOptions options{.learning_rate = 0.01, .eps = 1.0};
    AdamW optimizer(clipped, options);
    for (int step = 0; step < 3; ++step) {
      clipped[0].tensor.mutable_grad() = gradient.clone();
      optimizer.step(2.0);
      reference.update(gradient.to(at::kDouble) * (2 / (norm + 1e-6)), options, true);
    }
    for (int64_t k = 0; k < 50; ++k) {
      EXPECT_NEAR(optimizer.master(0)[k].item<double>(), reference.value[static_cast<size_t>(k)],
                  1e-6);
    }
  }
}

TEST(AdamW, widening_in_slices_changes_no_bit_of_the_update) {
  at::manual_seed(3);
  const at::Tensor start = at::randn({5, 13}).to(at::kBFloat16);
  std::vector<model::Parameter> whole = {parameter(start, true)};
  std::vector<model::Parameter> sliced = {parameter(start, true)};
  AdamW whole_optimizer(whole, {});
  AdamW sliced_optimizer(sliced, {.widened_elements = 16});
  for (int step = 0; step < 3; ++step) {
    const at::Tensor gradient = at::randn({5, 13}).to(at::kBFloat16);
    whole[0].tensor.mutable_grad() = gradient;
    sliced[0].tensor.mutable_grad() = gradient;
    whole_optimizer.step({});
    sliced_optimizer.step({});
  }
  EXPECT_TRUE(at::equal(sliced_optimizer.master(0), whole_optimizer.master(0)));
  EXPECT_TRUE(at::equal(sliced[0].tensor, whole[0].tensor));
}

TEST(AdamW, masters_keep_updates_that_bf16_would_lose) {
  // A step of 1e-4 is below half a unit in the last place of 1.0 in bf16 (2^-9).
  std::vector<model::Parameter> parameters = {
      parameter(at::ones({8}, at::kBFloat16), /*decays=*/false)};
  AdamW optimizer(parameters, {.learning_rate = 1e-4});
  const auto run = [&](int steps) {
    for (int step = 0; step < steps; ++step) {
      parameters[0].tensor.mutable_grad() = at::ones({8}, at::kBFloat16);
      optimizer.step({});
    }
    return parameters[0].tensor[0].item<float>();
  };
  EXPECT_EQ(run(1), 1.0F);
  EXPECT_NEAR(optimizer.master(0)[0].item<float>(), 1.0F - 1e-4F, 1e-6F);
  EXPECT_NEAR(run(99), 0.99F, 0.002F);
}

TEST(AdamW, state_appears_at_the_first_step_and_missing_gradients_are_left_alone) {
  std::vector<model::Parameter> parameters = {parameter(at::ones({4}), true),
                                              parameter(at::ones({4}), true)};
  AdamW optimizer(parameters, {});
  EXPECT_FALSE(optimizer.master(0).defined());
  parameters[0].tensor.mutable_grad() = at::ones({4});
  optimizer.step({});
  EXPECT_TRUE(optimizer.master(0).defined());
  EXPECT_LT(parameters[0].tensor[0].item<float>(), 1.0F);
  EXPECT_EQ(parameters[1].tensor[0].item<float>(), 1.0F);
}

TEST(AdamW, clips_before_it_updates) {
  std::vector<model::Parameter> clipped = {parameter(at::ones({2}), true)};
  std::vector<model::Parameter> scaled = {parameter(at::ones({2}), true)};
  clipped[0].tensor.mutable_grad() = at::tensor({3.0F, 4.0F});
  scaled[0].tensor.mutable_grad() = at::tensor({3.0F, 4.0F}) * (2 / (5 + 1e-6));
  // A large eps, so that the size of a gradient matters.
  AdamW(clipped, {.learning_rate = 1, .eps = 1}).step(2.0);
  AdamW(scaled, {.learning_rate = 1, .eps = 1}).step({});
  EXPECT_TRUE(at::allclose(clipped[0].tensor, scaled[0].tensor, 1e-6));
  EXPECT_LT(clipped[0].tensor[0].item<float>(), 0.7F);
}

TEST(AdamW, zero_grad_frees_the_gradients) {
  std::vector<model::Parameter> parameters = {parameter(at::ones({4}), true)};
  AdamW optimizer(parameters, {});
  parameters[0].tensor.mutable_grad() = at::ones({4});
  optimizer.zero_grad();
  EXPECT_FALSE(parameters[0].tensor.grad().defined());
}

}  // namespace
}  // namespace train
