#include "tests/kernels/support/everywhere.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <omp.h>

#include "kernels/core/simd_level.h"

namespace kernels::testing {

double largest(const std::vector<double>& values) {
  double result = 0;
  for (const double value : values) result = std::max(result, std::abs(value));
  return result;
}

namespace {

void expect_vector_near(const std::vector<double>& values, const std::vector<double>& expected,
                        const Tolerance& tolerance, const std::string& where) {
  ASSERT_EQ(values.size(), expected.size()) << where;
  const double floor = tolerance.of_largest * largest(expected) + tolerance.absolute;
  for (size_t i = 0; i < values.size(); ++i) {
    const double bound = floor + tolerance.relative * std::abs(expected[i]);
    // Written so that NaN fails.
    if (!(std::abs(values[i] - expected[i]) <= bound)) {
      ADD_FAILURE() << where << "[" << i << "] is " << values[i] << ", expected " << expected[i]
                    << " within " << bound;
      return;
    }
  }
}

}  // namespace

void expect_near(const Outputs& outputs, const Outputs& expected, const Tolerances& tolerances,
                 const std::string& where) {
  ASSERT_EQ(outputs.size(), expected.size()) << where;
  for (const auto& [name, values] : outputs) {
    expect_vector_near(values, expected.at(name), tolerances.at(name), where + " " + name);
  }
}

void expect_same(const Outputs& outputs, const Outputs& expected, const std::string& where) {
  for (const auto& [name, values] : outputs) {
    EXPECT_TRUE(values == expected.at(name)) << where << " " << name << " has other bits";
  }
}

void check_everywhere(const std::function<Outputs()>& run, const Outputs& expected,
                      const Tolerances& tolerances, const std::string& problem) {
  const int threads_before = omp_get_max_threads();
  for (const SimdLevel& level : supported_simd_levels()) {
    force_simd_level(level);
    const std::string where = problem + " on " + level.name;
    omp_set_num_threads(1);
    const Outputs first = run();
    expect_near(first, expected, tolerances, where);
    expect_same(run(), first, where + " a second time");
    omp_set_num_threads(2);
    expect_same(run(), first, where + " with 2 threads");
  }
  omp_set_num_threads(threads_before);
  reset_simd_level();
}

std::vector<double> numeric_gradient(std::vector<double>& values,
                                     const std::function<double()>& loss) {
  constexpr double kStep = 1e-5;
  std::vector<double> gradient;
  for (double& value : values) {
    const double before = value;
    value = before + kStep;
    const double above = loss();
    value = before - kStep;
    const double below = loss();
    value = before;
    gradient.push_back((above - below) / (2 * kStep));
  }
  return gradient;
}

double weighted_sum(const std::vector<double>& weights, const std::vector<double>& values) {
  return std::inner_product(weights.begin(), weights.end(), values.begin(), 0.0);
}

}  // namespace kernels::testing
