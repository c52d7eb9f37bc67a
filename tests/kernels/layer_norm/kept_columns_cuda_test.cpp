#include <gtest/gtest.h>

#include "kernels/core/invertible_columns.h"
#include "kernels/layer_norm/kept_columns.h"
#include "tests/kernels/support/emulated.h"
#include "tests/kernels/support/fill.h"
#include "tests/kernels/support/kept_columns.h"

namespace kernels::testing {
namespace {

template <class T>
std::vector<int32_t> found_columns(const std::vector<T>& gamma, const std::vector<T>& beta,
                                   int64_t room) {
  const DeviceBuffer<T> device_gamma("gamma", gamma);
  const DeviceBuffer<T> device_beta("beta", beta);
  DeviceBuffer<int32_t> found("found", std::vector<int32_t>(static_cast<size_t>(1 + room), -7));
  find_kept_columns(KeptColumnsSearch<T>{found.data(), room, device_gamma.data(),
                                         device_beta.data(), static_cast<int64_t>(gamma.size())},
                    nullptr);
  return found.values();
}

template <class T>
class KeptColumnsCuda : public ::testing::Test {};
using Dtypes = ::testing::Types<float, float16, bfloat16>;
TYPED_TEST_SUITE(KeptColumnsCuda, Dtypes);

TYPED_TEST(KeptColumnsCuda, are_those_that_the_host_finds) {
  for (const int64_t columns : {1, 31, 32, 33, 100, 1024, 1500}) {
    std::vector<TypeParam> gamma = uniform<TypeParam>(columns, 1, 0.5, 1.5);
    const std::vector<TypeParam> beta = uniform<TypeParam>(columns, 2, -0.5, 0.5);
    for (const bool spoiled : {false, true}) {
      if (spoiled) spoil_gamma(gamma);
      std::vector<int32_t> expected = uninvertible_columns(gamma.data(), beta.data(), columns);
      ASSERT_EQ(expected.empty(), !spoiled);
      const auto count = static_cast<int32_t>(expected.size());
      expected.insert(expected.begin(), count);
      std::vector<int32_t> exactly = found_columns(gamma, beta, count);
      EXPECT_EQ(exactly, expected) << columns;
      expected.insert(expected.end(), 5, -7);  // nothing is written behind them
      EXPECT_EQ(found_columns(gamma, beta, count + 5), expected) << columns;
    }
  }
}

TYPED_TEST(KeptColumnsCuda, are_the_first_ones_where_there_is_no_room_for_all) {
  const std::vector<TypeParam> zeros(100);
  EXPECT_EQ(found_columns(zeros, zeros, 3), (std::vector<int32_t>{3, 0, 1, 2}));
}

}  // namespace
}  // namespace kernels::testing
