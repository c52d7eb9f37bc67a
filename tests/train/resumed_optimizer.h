#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "model/optimizer.h"
#include "train/initialize.h"

namespace train {

/// A decaying matrix and a vector that does not decay, with values that bf16 represents.
inline std::vector<model::Parameter> two_parameters(at::ScalarType dtype) {
  at::manual_seed(11);
  const auto values = [&](at::IntArrayRef sizes) {
    return at::randn(sizes).to(at::kBFloat16).to(dtype).requires_grad_(true);
  };
  return {{"matrix", values({9, 7}), true}, {"vector", values({31}), false}};
}

/// `steps` updates with gradients that follow from `seed`.
inline void update(model::Optimizer& optimizer, const std::vector<model::Parameter>& parameters,
                   int steps, uint64_t seed) {
  at::manual_seed(seed);
  for (int step = 0; step < steps; ++step) {
    for (const model::Parameter& parameter : parameters) {
      parameter.tensor.mutable_grad() =
          at::randn(parameter.tensor.sizes()).to(parameter.tensor.scalar_type());
    }
    optimizer.step(1.0);
  }
}

/// That an optimizer which is given the state and the parameters of another goes its way to the
/// bit.
inline void expect_state_resumes(const MakeOptimizer& make, at::ScalarType dtype) {
  const at::NoGradGuard no_grad;
  const auto parameters = two_parameters(dtype);
  const auto resumed_parameters = two_parameters(dtype);
  const auto optimizer = make(parameters);
  const auto resumed = make(resumed_parameters);
  update(*optimizer, parameters, 3, 21);
  const std::vector<model::StateTensor> source = optimizer->state();
  const std::vector<model::StateTensor> target = resumed->state();
  ASSERT_EQ(source.size(), target.size());
  ASSERT_GE(source.size(), 5U);
  for (size_t i = 0; i < source.size(); ++i) {
    EXPECT_EQ(source[i].name, target[i].name);
    at::Tensor(target[i].tensor).copy_(source[i].tensor);
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    resumed_parameters[i].tensor.detach().copy_(parameters[i].tensor);
  }
  update(*optimizer, parameters, 3, 22);
  update(*resumed, resumed_parameters, 3, 22);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const auto index = static_cast<int64_t>(i);
    EXPECT_TRUE(at::equal(resumed_parameters[i].tensor, parameters[i].tensor)) << i;
    EXPECT_TRUE(at::equal(resumed->master(index), optimizer->master(index))) << i;
  }
}

}  // namespace train
