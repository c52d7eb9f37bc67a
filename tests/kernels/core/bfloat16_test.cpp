#include "kernels/core/bfloat16.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/bias_dropout_residual/bias_dropout_residual.h"
#include "kernels/core/simd_level.h"

namespace kernels {
namespace {

TEST(Bfloat16, rounds_to_nearest_ties_to_even) {
  EXPECT_EQ(to_bfloat16(1.0F).bits, 0x3f80);
  EXPECT_EQ(to_bfloat16(1.0F + 0x1p-8F).bits, 0x3f80);  // tie, to even
  EXPECT_EQ(to_bfloat16(1.0F + 0x3p-8F).bits, 0x3f82);  // tie, to even
  EXPECT_EQ(to_bfloat16(1.0F + 0x1.002p-8F).bits, 0x3f81);
  EXPECT_EQ(to_bfloat16(std::numeric_limits<float>::max()).bits, 0x7f80);
  EXPECT_EQ(to_bfloat16(-INFINITY).bits, 0xff80);
  EXPECT_TRUE(std::isnan(to_float(to_bfloat16(std::bit_cast<float>(0x7f800001U)))));
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const bfloat16 value = {static_cast<uint16_t>(bits)};
    if (std::isnan(to_float(value))) continue;
    ASSERT_EQ(to_bfloat16(to_float(value)).bits, bits);
  }
}

// input + bias is rounded once by the operator: sums of random bit patterns reach ties, infinities,
// denormals and NaN.
TEST(Bfloat16, vectors_round_as_scalars_do_bit_for_bit) {
  std::mt19937 engine(1);
  std::vector<bfloat16> input(4099);
  std::vector<bfloat16> bias(input.size());
  const std::vector<bfloat16> residual(input.size());
  const int64_t offsets[] = {0, 1};
  for (size_t i = 0; i < input.size(); ++i) {
    input[i].bits = static_cast<uint16_t>(engine());
    // Exponents close to the input's, so that bits are lost.
    bias[i].bits = static_cast<uint16_t>(input[i].bits ^ (engine() & 0x83ff));
  }
  for (const SimdLevel& level : supported_simd_levels()) {
    force_simd_level(level);
    std::vector<bfloat16> output(input.size());
    bias_dropout_residual_forward(BiasDropoutResidualForward<bfloat16>{
        output.data(), input.data(), bias.data(), residual.data(), SequenceRows{offsets, 1},
        static_cast<int64_t>(input.size()), DropoutStream{}});
    for (size_t i = 0; i < input.size(); ++i) {
      const float sum = to_float(input[i]) + to_float(bias[i]) + to_float(residual[i]);
      if (std::isnan(sum)) {
        ASSERT_TRUE(std::isnan(to_float(output[i])));
      } else {
        ASSERT_EQ(output[i].bits, to_bfloat16(sum).bits) << level.name << " " << sum;
      }
    }
  }
  reset_simd_level();
}

}  // namespace
}  // namespace kernels
