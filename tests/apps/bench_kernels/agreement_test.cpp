#include "apps/bench_kernels/agreement.h"

#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

namespace apps {
namespace {

constexpr ErrorBound kBound = {1e-2, 1e-1};

at::Tensor ones() {
  return at::ones({100}, at::kFloat);
}

void compare(const at::Tensor& output, const ErrorBound& bound = kBound) {
  require_agreement("case", {ones(), output}, {ones(), ones()}, bound);
}

TEST(Agreement, within_the_bound_is_accepted) {
  compare(ones());
  compare(ones().mul(1.009));
  compare(ones(), kExact.fp32);
}

TEST(Agreement, a_norm_beyond_the_bound_is_refused_by_name) {
  try {
    compare(ones().mul(1.011));
    FAIL() << "accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()).rfind("case: output 1 ", 0), 0U) << error.what();
  }
}

TEST(Agreement, one_element_beyond_the_bound_is_refused_where_the_norm_is_not) {
  at::Tensor output = ones();
  output[7] = 1.09;
  compare(output);
  output[7] = 1.11;
  constexpr ErrorBound kLooseNorm = {1, 1e-1};
  EXPECT_THROW(compare(output, kLooseNorm), std::runtime_error);
}

TEST(Agreement, exact_means_every_bit) {
  at::Tensor output = ones();
  output[7] = 1 + std::numeric_limits<float>::epsilon();
  EXPECT_THROW(compare(output, kExact.fp32), std::runtime_error);
}

TEST(Agreement, nan_is_within_no_bound) {
  at::Tensor output = ones();
  output[7] = std::numeric_limits<float>::quiet_NaN();
  constexpr ErrorBound kAnything = {1e30, 1e30};
  EXPECT_THROW(compare(output, kAnything), std::runtime_error);
}

TEST(Agreement, of_float16_is_stricter_than_of_bfloat16_and_exact_where_it_is) {
  constexpr Agreement kBounds = {{1e-6, 2e-6}, {8e-3, 4e-3}};
  const ErrorBound bound = kBounds.of(at::kHalf, at::kCPU);
  EXPECT_DOUBLE_EQ(bound.norm, 2e-3 + 1e-6);
  EXPECT_DOUBLE_EQ(bound.largest, 1e-3 + 2e-6);
  for (const at::ScalarType dtype : {at::kFloat, at::kHalf, at::kBFloat16}) {
    for (const at::Device device : {at::Device(at::kCPU), at::Device(at::kCUDA, 0)}) {
      EXPECT_EQ(kExact.of(dtype, device).norm, 0);
      EXPECT_EQ(kExact.of(dtype, device).largest, 0);
    }
  }
}

TEST(Agreement, on_a_gpu_is_wider_in_float_alone) {
  constexpr Agreement kBounds = {{1e-6, 2e-6}, {8e-3, 4e-3}};
  const at::Device gpu(at::kCUDA, 0);
  EXPECT_DOUBLE_EQ(kBounds.of(at::kFloat, gpu).norm, 4e-6);
  EXPECT_DOUBLE_EQ(kBounds.of(at::kFloat, at::kCPU).norm, 1e-6);
  EXPECT_DOUBLE_EQ(kBounds.of(at::kBFloat16, gpu).norm, 8e-3);
}

}  // namespace
}  // namespace apps
