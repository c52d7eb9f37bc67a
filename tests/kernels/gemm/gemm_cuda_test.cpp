// The contract of products on CUDA, by what takes the library's place under the emulator: the one
// rounding of sums in float, batches, and what is refused.

#include <stdexcept>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/core/float16.h"
#include "kernels/gemm/gemm.h"

namespace kernels {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

template <class T>
std::vector<T> rounded(std::initializer_list<float> values) {
  std::vector<T> result;
  for (const float value : values) result.push_back(from_float<T>(value));
  return result;
}

template <class T>
std::vector<float> widened(const std::vector<T>& values) {
  std::vector<float> result;
  for (const T value : values) result.push_back(to_float(value));
  return result;
}

/// C[2, 2] (+)= A[2, 3] B[2, 3]^T for two matrices of a batch.
template <class T>
Gemm<T> two_products(const std::vector<T>& a, const std::vector<T>& b, std::vector<T>& c) {
  Gemm<T> args;
  args.m = args.n = 2;
  args.k = 3;
  args.a = {.data = a.data(), .row_stride = 3, .outer_stride = 6};
  args.b = {.data = b.data(), .row_stride = 3, .op = GemmOp::kTranspose, .outer_stride = 6};
  args.c = c.data();
  args.c_row_stride = 2;
  args.c_outer_stride = 4;
  args.outer = 2;
  return args;
}

template <class T>
class GemmCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(GemmCuda, Dtypes);

TYPED_TEST(GemmCuda, multiplies_a_batch_and_adds_to_what_is_there) {
  const auto a = rounded<TypeParam>({1, 2, 3, 4, 5, 6, 1, 0, 0, 0, 1, 0});
  const auto b = rounded<TypeParam>({1, 0, 1, 0, 1, 0, 2, 3, 4, 5, 6, 7});
  auto c = rounded<TypeParam>({10, 20, 30, 40, 50, 60, 70, 80});
  Gemm<TypeParam> args = two_products(a, b, c);
  args.beta = 1;
  gemm(args, nullptr);
  EXPECT_THAT(widened(c), ElementsAre(14, 22, 40, 45, 52, 65, 73, 86));
  args.beta = 0;
  gemm(args, nullptr);
  EXPECT_THAT(widened(c), ElementsAre(4, 2, 10, 5, 2, 5, 3, 6));
}

TEST(GemmCudaRounding, sums_are_rounded_once) {
  // 2048 + 1 + 1 is 2048 if every sum is rounded to 11 bits, and 2050 if only the last one is.
  const auto a = rounded<float16>({2048, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  const auto b = rounded<float16>({1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  std::vector<float16> c(8);
  gemm(two_products(a, b, c), nullptr);
  EXPECT_EQ(to_float(c[0]), 2050);
}

TEST(GemmCudaContract, what_the_library_has_no_call_for_is_refused) {
  const std::vector<float> a(12);
  const std::vector<float> b(12);
  std::vector<float> c(8);
  const auto message_of = [&](auto change) {
    return [&, change] {
      Gemm<float> args = two_products(a, b, c);
      change(args);
      gemm(args, nullptr);
    };
  };
  EXPECT_THAT(message_of([](Gemm<float>& args) { args.inner = 2; }),
              ThrowsMessage<std::invalid_argument>(HasSubstr("two levels")));
  EXPECT_THAT(message_of([](Gemm<float>& args) { args.k = 0; }),
              ThrowsMessage<std::invalid_argument>(HasSubstr("no products")));
  EXPECT_THAT(
      message_of([](Gemm<float>& args) { args.epilogue.call = [](void*, const GemmBlock&) {}; }),
      ThrowsMessage<std::invalid_argument>(HasSubstr("epilogue")));
}

}  // namespace
}  // namespace kernels
