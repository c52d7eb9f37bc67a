#include <cmath>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/adamw/gradient_norm.h"
#include "kernels/adamw/reference.h"
#include "tests/kernels/support/emulated.h"
#include "tests/kernels/support/fill.h"

namespace kernels::testing {
namespace {

template <class T>
using Gradients = std::vector<std::vector<T>>;

/// Norm and coefficient as a device computes them.
template <class T>
Outputs run(const Gradients<T>& gradients, double max_norm) {
  std::vector<std::unique_ptr<DeviceBuffer<T>>> buffers;
  std::vector<AdamWTensor<T>> tensors;
  for (const std::vector<T>& gradient : gradients) {
    buffers.push_back(std::make_unique<DeviceBuffer<T>>("gradient", gradient));
    AdamWTensor<T>& tensor = tensors.emplace_back();
    tensor.gradient = buffers.back()->data();
    tensor.count = static_cast<int64_t>(gradient.size());
  }
  DeviceBuffer<double> norm("norm", 1);
  DeviceBuffer<float> coefficient("coefficient", 1);
  DeviceBuffer<double> sums("sums", kDeviceNormSums);
  gradient_norm(
      DeviceGradientNorm<T>{norm.data(), coefficient.data(), sums.data(), tensors, max_norm},
      nullptr);
  return {{"norm", norm.values()}, {"coefficient", doubles_of(coefficient)}};
}

/// By the double reference.
template <class T>
Outputs expected(const Gradients<T>& gradients, double max_norm) {
  Gradients<double> wide;
  std::vector<AdamWTensor<double>> tensors;
  for (const std::vector<T>& gradient : gradients) wide.push_back(to_doubles(gradient));
  for (const std::vector<double>& gradient : wide) {
    AdamWTensor<double>& tensor = tensors.emplace_back();
    tensor.gradient = gradient.data();
    tensor.count = static_cast<int64_t>(gradient.size());
  }
  const double norm = reference_gradient_norm(tensors);
  return {{"norm", {norm}}, {"coefficient", {clip_coefficient(norm, max_norm)}}};
}

template <class T>
class GradientNormCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(GradientNormCuda, Dtypes);

TYPED_TEST(GradientNormCuda, is_that_of_all_tensors_together) {
  std::vector<std::vector<int64_t>> lists = {{}, {0}, {63, 1, 0, 64}, {4095}, {4097, 12000}};
  lists.emplace_back(100, 37);  // more than a launch takes
  for (const std::vector<int64_t>& sizes : lists) {
    Gradients<TypeParam> gradients;
    for (const int64_t size : sizes) {
      gradients.push_back(uniform<TypeParam>(size, static_cast<uint32_t>(gradients.size())));
    }
    for (const double max_norm : {0.5, 1e6}) {
      check_emulated([&] { return run(gradients, max_norm); }, expected(gradients, max_norm),
                     {{"norm", {1e-13, 0}}, {"coefficient", {6e-8, 0}}},
                     std::to_string(sizes.size()) + " tensors");
    }
  }
}

// The square of the first overflows a float; float16 has none as large.
TYPED_TEST(GradientNormCuda, of_large_values_does_not_overflow) {
  const double value = std::is_same_v<TypeParam, float16> ? 0x1p15 : 0x1p100;
  const Gradients<TypeParam> gradients = {
      std::vector<TypeParam>(50, from_double<TypeParam>(value))};
  EXPECT_DOUBLE_EQ(run(gradients, 1).at("norm")[0], value * std::sqrt(50.0));
}

TYPED_TEST(GradientNormCuda, is_not_finite_where_a_gradient_is_not) {
  Gradients<TypeParam> gradients = {uniform<TypeParam>(70, 1)};
  gradients[0][40] = from_double<TypeParam>(-INFINITY);
  EXPECT_EQ(run(gradients, 1).at("norm")[0], INFINITY);
  EXPECT_EQ(run(gradients, 1).at("coefficient")[0], 0);
  gradients[0][40] = from_double<TypeParam>(std::nan(""));
  EXPECT_TRUE(std::isnan(run(gradients, 1).at("norm")[0]));
  EXPECT_TRUE(std::isnan(run(gradients, 1).at("coefficient")[0]));
}

}  // namespace
}  // namespace kernels::testing
