#include "train/gradient_clipping.h"

#include <cmath>

#include <gtest/gtest.h>

namespace train {
namespace {

constexpr int64_t kWidened = 100;

std::vector<model::Parameter> with_gradients(const std::vector<at::Tensor>& gradients) {
  std::vector<model::Parameter> parameters;
  for (const at::Tensor& gradient : gradients) {
    parameters.push_back({"p", at::zeros_like(gradient).requires_grad_(true), true});
    parameters.back().tensor.mutable_grad() = gradient.clone();
  }
  return parameters;
}

TEST(GradientClipping, scales_by_the_norm_of_all_gradients_together) {
  const std::vector<at::Tensor> gradients = {at::tensor({3.0, 0.0}, at::kDouble),
                                             at::tensor({0.0, 4.0, 12.0}, at::kDouble)};
  const auto parameters = with_gradients(gradients);
  const at::Tensor norm = clip_gradient_norm(parameters, 2.0, kWidened);
  EXPECT_DOUBLE_EQ(norm.item<double>(), 13.0);
  for (size_t i = 0; i < gradients.size(); ++i) {
    const at::Tensor expected = gradients[i] * (2.0 / (13.0 + 1e-6));
    EXPECT_TRUE(at::allclose(parameters[i].tensor.grad(), expected, 1e-14));
  }
}

TEST(GradientClipping, leaves_smaller_gradients_as_they_are) {
  const std::vector<at::Tensor> gradients = {at::tensor({0.3F, 0.4F})};
  const auto parameters = with_gradients(gradients);
  EXPECT_FLOAT_EQ(clip_gradient_norm(parameters, 1.0, kWidened).item<float>(), 0.5F);
  EXPECT_TRUE(at::equal(parameters[0].tensor.grad(), gradients[0]));
}

TEST(GradientClipping, bf16_gradients_have_an_fp32_norm) {
  // 257 ones: the norm, 16.03, is no bf16 number, nor is a running sum of squares above 256.
  const auto parameters = with_gradients({at::ones({257}, at::kBFloat16)});
  const at::Tensor norm = clip_gradient_norm(parameters, 1e9, kWidened);
  EXPECT_EQ(norm.scalar_type(), at::kFloat);
  EXPECT_NEAR(norm.item<float>(), std::sqrt(257.0F), 1e-5F);
}

TEST(GradientClipping, parameters_without_a_gradient_are_skipped) {
  auto parameters = with_gradients({at::ones({4})});
  parameters.push_back({"q", at::zeros({4}).requires_grad_(true), true});
  EXPECT_FLOAT_EQ(clip_gradient_norm(parameters, 1.0, kWidened).item<float>(), 2.0F);
  EXPECT_FALSE(clip_gradient_norm({parameters.back()}, 1.0, kWidened).defined());
}

}  // namespace
}  // namespace train
