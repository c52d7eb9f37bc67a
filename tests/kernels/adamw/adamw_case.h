#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/adamw/reference.h"
#include "tests/kernels/adamw/tensor_set.h"
#include "tests/kernels/support/everywhere.h"

namespace kernels::testing {

/// A large learning rate, so that an error of the update shows beside the weights.
inline AdamWStep step_of(int64_t number) {
  return {.learning_rate = 0.02,
          .beta1 = 0.9,
          .beta2 = 0.999,
          .eps = 1e-8,
          .weight_decay = 0.1,
          .number = number};
}

/// Gradients for step `number` that every type represents.
template <class T>
std::vector<std::vector<T>> drawn_gradients(const std::vector<int64_t>& sizes, int64_t number) {
  TensorSet<bfloat16> drawn(sizes);
  drawn.draw_gradients(static_cast<uint32_t>(100 * number));
  std::vector<std::vector<T>> gradients;
  for (size_t i = 0; i < sizes.size(); ++i) {
    std::vector<T>& gradient = gradients.emplace_back();
    for (const bfloat16 g : drawn.gradient(i)) gradient.push_back(from_double<T>(to_double(g)));
  }
  return gradients;
}

/// The state of a set after `steps` updates, each by update(set, step).
template <class T, class Update>
Outputs state_after(const std::vector<int64_t>& sizes, int64_t steps, AdamWStep step,
                    const Update& update) {
  TensorSet<T> set(sizes);
  for (int64_t number = 1; number <= steps; ++number) {
    const auto gradients = drawn_gradients<T>(sizes, number);
    for (size_t i = 0; i < sizes.size(); ++i) set.gradient(i) = gradients[i];
    step.number = number;
    update(set, step);
  }
  return set.state();
}

/// What the reference leaves.
inline Outputs expected(const std::vector<int64_t>& sizes, int64_t steps, const AdamWStep& step) {
  return state_after<double>(sizes, steps, step, [](TensorSet<double>& set, const AdamWStep& one) {
    reference_adamw({set.tensors(), one});
  });
}

/// Masters and moments are fp32 whatever T is.
inline Tolerances fp32_tolerances(int64_t steps) {
  const Tolerance one = tolerance<float>(Kind::kElement);
  const auto scale = static_cast<double>(steps);
  const Tolerance all = {scale * one.relative, scale * one.of_largest};
  return {{"master", all}, {"first_moment", all}, {"second_moment", all}};
}

}  // namespace kernels::testing
