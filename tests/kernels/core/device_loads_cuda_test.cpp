#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/core/cuda_emulator/device_buffer.h"
#include "kernels/core/device_loads.h"
#include "tests/kernels/support/guarded.h"

namespace kernels::testing {
namespace {

using cuda_emulator::DeviceBuffer;

std::vector<float> sums_of(uint32_t blocks, int64_t rounds, float factor, float term) {
  DeviceBuffer<float> sums("sums", int64_t{blocks} * kMultiplyAddThreads);
  multiply_adds({sums.data(), blocks, rounds, factor, term}, nullptr);
  return sums.values();
}

TEST(DeviceLoads, multiply_adds_are_as_many_as_flops_are_counted) {
  for (const auto& [blocks, rounds] : std::vector<std::pair<uint32_t, int64_t>>{{1, 1}, {3, 2}}) {
    // Every multiply-add adds one to what its chain begins with.
    const std::vector<float> sums = sums_of(blocks, rounds, 1, 1);
    constexpr int64_t kBeginnings = kMultiplyAddChains * (kMultiplyAddChains - 1) / 2;
    const int64_t added =
        std::accumulate(sums.begin(), sums.end(), int64_t{0}) - std::ssize(sums) * kBeginnings;
    EXPECT_EQ(2 * added, multiply_add_flops(blocks, rounds));
    EXPECT_EQ(std::count(sums.begin(), sums.end(), sums.front()), std::ssize(sums));
  }
}

TEST(DeviceLoads, multiply_adds_multiply) {
  // x = x / 2 + 1 goes to 2, in each of the chains.
  for (const float sum : sums_of(1, 1, 0.5F, 1)) EXPECT_FLOAT_EQ(sum, 2 * kMultiplyAddChains);
}

TEST(DeviceLoads, a_copy_is_of_every_byte_and_no_other) {
  for (const int64_t packs : {0, 1, 300, 1023, 1024, 2348}) {
    std::vector<uint32_t> values(static_cast<size_t>(4 * packs));
    std::iota(values.begin(), values.end(), 1U);
    const DeviceBuffer<uint32_t> from("from", values);
    DeviceBuffer<uint32_t> to("to", 4 * packs);
    copy_packs({to.data(), from.data(), 16 * packs}, nullptr);
    EXPECT_EQ(to.values(), values) << packs;
  }
}

template <class T>
class FillUniform : public ::testing::Test {};
using Dtypes = ::testing::Types<float16, bfloat16>;
TYPED_TEST_SUITE(FillUniform, Dtypes);

TYPED_TEST(FillUniform, spreads_values_evenly) {
  constexpr int64_t kCount = 20'003;
  DeviceBuffer<TypeParam> buffer("values", kCount);
  fill_uniform(buffer.data(), kCount, nullptr);
  const std::vector<double> values = to_doubles(buffer.values());
  double sum = 0;
  double squares = 0;
  for (const double value : values) {
    ASSERT_TRUE(value >= -1 && value <= 1) << value;
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kCount, 0, 0.02);
  EXPECT_NEAR(squares / kCount, 1.0 / 3, 0.01);
  EXPECT_GT(std::set<double>(values.begin(), values.end()).size(), 1000U);
}

TYPED_TEST(FillUniform, has_no_values_of_none) {
  fill_uniform(static_cast<TypeParam*>(nullptr), 0, nullptr);
}

}  // namespace
}  // namespace kernels::testing
