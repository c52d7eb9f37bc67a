#include "train/lamb.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "tests/train/resumed_optimizer.h"

namespace train {
namespace {

model::Parameter parameter(const at::Tensor& values, bool decays) {
  return {"p", values.clone().requires_grad_(true), decays};
}

double norm(const std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

/// LAMB in plain double loops: You et al., arXiv 1904.00962, algorithm 2, with phi the identity
/// and its ratio between two bounds.
struct Reference {
  std::vector<double> value;
  std::vector<double> first;
  std::vector<double> second;
  int step = 0;
  double ratio = 0;  ///< of the last update, before its bounds

  explicit Reference(const at::Tensor& values) {
    for (int64_t i = 0; i < values.numel(); ++i) value.push_back(values[i].item<double>());
    first.assign(value.size(), 0);
    second.assign(value.size(), 0);
  }

  void update(const at::Tensor& gradient, const LambOptions& options, bool decays) {
    ++step;
    const double first_bias = options.bias_correction ? 1 - std::pow(options.beta1, step) : 1;
    const double second_bias = options.bias_correction ? 1 - std::pow(options.beta2, step) : 1;
    std::vector<double> change(value.size());
    for (size_t i = 0; i < value.size(); ++i) {
      const auto g = gradient[static_cast<int64_t>(i)].item<double>();
      first[i] = options.beta1 * first[i] + (1 - options.beta1) * g;
      second[i] = options.beta2 * second[i] + (1 - options.beta2) * g * g;
      const double v = second[i] / second_bias;
      const double root =
          options.eps_inside_sqrt ? std::sqrt(v + options.eps) : std::sqrt(v) + options.eps;
      change[i] = first[i] / first_bias / root + (decays ? options.weight_decay * value[i] : 0);
    }
    ratio = norm(value) / norm(change);
    const double bounded =
        norm(value) == 0 || norm(change) == 0
            ? 1
            : std::clamp(ratio, options.min_coefficient, options.max_coefficient);
    for (size_t i = 0; i < value.size(); ++i) {
      value[i] -= options.learning_rate * bounded * change[i];
    }
  }
};

/// Five updates of `start`, once decaying and once not, beside the reference; returns the last
/// ratios.
std::vector<double> follow(const at::Tensor& start, const LambOptions& options) {
  at::manual_seed(1);
  const std::vector<model::Parameter> parameters = {parameter(start, true),
                                                    parameter(start, false)};
  std::vector<Reference> references = {Reference(start), Reference(start)};
  Lamb optimizer(parameters, options);
  for (int step = 0; step < 5; ++step) {
    for (size_t i = 0; i < 2; ++i) {
      const at::Tensor gradient = at::randn({start.numel()}, at::kDouble);
      parameters[i].tensor.mutable_grad() = gradient;
      references[i].update(gradient, options, parameters[i].decays);
    }
    optimizer.step({});
  }
  for (size_t i = 0; i < 2; ++i) {
    for (int64_t k = 0; k < start.numel(); ++k) {
      EXPECT_NEAR(parameters[i].tensor[k].item<double>(),
                  references[i].value[static_cast<size_t>(k)], 1e-12);
    }
  }
  EXPECT_FALSE(at::equal(parameters[0].tensor, parameters[1].tensor));
  return {references[0].ratio, references[1].ratio};
}

at::Tensor start_values() {
  at::manual_seed(5);
  return at::randn({37}, at::kDouble);
}

TEST(Lamb, follows_the_double_reference) {
  for (const bool inside : {false, true}) {
    for (const bool correction : {false, true}) {
      const LambOptions options{.learning_rate = 0.01,
                                .eps = 1e-3,
                                .eps_inside_sqrt = inside,
                                .weight_decay = 0.1,
                                .bias_correction = correction};
      for (const double ratio : follow(start_values(), options)) {
        EXPECT_GT(ratio, options.min_coefficient);
        EXPECT_LT(ratio, options.max_coefficient);
      }
    }
  }
}

TEST(Lamb, the_trust_ratio_stays_between_its_bounds) {
  const LambOptions low{.learning_rate = 0.01, .weight_decay = 0.1, .max_coefficient = 0.3};
  for (const double ratio : follow(start_values(), low)) EXPECT_GT(ratio, 0.3);
  const LambOptions high{.learning_rate = 0.01, .weight_decay = 0.1, .min_coefficient = 8};
  for (const double ratio : follow(start_values(), high)) EXPECT_LT(ratio, 8);
}

TEST(Lamb, a_parameter_or_an_update_of_zeros_has_a_trust_ratio_of_1) {
  const std::vector<model::Parameter> parameters = {parameter(at::zeros({4}, at::kDouble), false),
                                                    parameter(at::ones({4}, at::kDouble), false)};
  parameters[0].tensor.mutable_grad() = at::ones({4}, at::kDouble);
  parameters[1].tensor.mutable_grad() = at::zeros({4}, at::kDouble);
  Lamb(parameters, {.learning_rate = 0.5, .min_coefficient = 3}).step({});
  // The first update of Adam is the gradient's sign, but for eps.
  EXPECT_TRUE(at::allclose(parameters[0].tensor, at::full({4}, -0.5, at::kDouble), 1e-6));
  EXPECT_TRUE(at::equal(parameters[1].tensor, at::ones({4}, at::kDouble)));
}

TEST(Lamb, bf16_follows_fp32_on_the_same_gradients_through_its_masters) {
  const auto narrow = two_parameters(at::kBFloat16);
  const auto wide = two_parameters(at::kFloat);
  Lamb narrow_optimizer(narrow, {});
  Lamb wide_optimizer(wide, {});
  for (int step = 0; step < 5; ++step) {
    for (size_t i = 0; i < 2; ++i) {
      const at::Tensor gradient = at::randn(narrow[i].tensor.sizes()).to(at::kBFloat16);
      narrow[i].tensor.mutable_grad() = gradient;
      wide[i].tensor.mutable_grad() = gradient.to(at::kFloat);
    }
    narrow_optimizer.step({});
    wide_optimizer.step({});
  }
  for (int64_t i = 0; i < 2; ++i) {
    const at::Tensor& expected = wide[static_cast<size_t>(i)].tensor;
    EXPECT_TRUE(at::equal(narrow_optimizer.master(i), expected));
    EXPECT_TRUE(at::equal(narrow[static_cast<size_t>(i)].tensor, expected.to(at::kBFloat16)));
  }
}

TEST(Lamb, clips_before_it_updates) {
  const auto clipped = two_parameters(at::kDouble);
  const auto scaled = two_parameters(at::kDouble);
  clipped[1].tensor.mutable_grad() = at::full({31}, 2.0, at::kDouble);
  scaled[1].tensor.mutable_grad() =
      at::full({31}, 2.0 * 0.5 / (2 * std::sqrt(31.0) + 1e-6), at::kDouble);
  // A large eps, so that the size of a gradient matters.
  Lamb(clipped, {.eps = 1}).step(0.5);
  Lamb(scaled, {.eps = 1}).step({});
  EXPECT_TRUE(at::allclose(clipped[1].tensor, scaled[1].tensor, 1e-12));
  EXPECT_TRUE(at::equal(clipped[0].tensor, scaled[0].tensor));
}

TEST(Lamb, goes_on_to_the_same_bits_from_its_state) {
  for (const auto dtype : {at::kFloat, at::kBFloat16}) {
    expect_state_resumes(
        [](std::vector<model::Parameter> parameters) {
          return std::make_unique<Lamb>(std::move(parameters), LambOptions{.weight_decay = 0.1});
        },
        dtype);
  }
}

TEST(Lamb, without_parameters_does_nothing) {
  Lamb optimizer({}, {});
  optimizer.step(1.0);
  optimizer.zero_grad();
}

}  // namespace
}  // namespace train
