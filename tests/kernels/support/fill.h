#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "tests/kernels/support/guarded.h"

namespace kernels::testing {

/// Uniform values that T represents exactly, so that every dtype's test starts from its own inputs
/// without error. The same (count, seed) gives the same values.
template <class T>
std::vector<T> uniform(int64_t count, uint32_t seed, double low = -2, double high = 2) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<double> distribution(low, high);
  std::vector<T> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(from_double<T>(distribution(engine)));
  return values;
}

}  // namespace kernels::testing
