#include "kernels/core/invertible_columns.h"

#include <gtest/gtest.h>

#include "kernels/core/bfloat16.h"

namespace kernels {
namespace {

using Columns = std::vector<int32_t>;

TEST(InvertibleColumns, keep_those_where_gamma_is_small_beside_beta) {
  const float gamma[] = {1, 0, 0.1F, -0.01F, 1e-20F, 1e-35F, -0.0F, 0.5F};
  const float beta[] = {1, 0, 1, 1, 0, 0, 1, 100};
  EXPECT_EQ(uninvertible_columns(gamma, beta, 8), (Columns{1, 3, 5, 6, 7}));
}

TEST(InvertibleColumns, keep_more_in_bfloat16) {
  const bfloat16 gamma[] = {to_bfloat16(1), to_bfloat16(0.1F), to_bfloat16(0.75F), bfloat16{}};
  const bfloat16 beta[] = {to_bfloat16(1), to_bfloat16(1), to_bfloat16(-1), bfloat16{}};
  EXPECT_EQ(uninvertible_columns(gamma, beta, 4), (Columns{1, 3}));
}

TEST(InvertibleColumns, are_all_for_ordinary_weights) {
  const std::vector<float> gamma(64, 0.8F);
  const std::vector<float> beta(64, 0.1F);
  EXPECT_EQ(uninvertible_columns(gamma.data(), beta.data(), 64), Columns{});
}

}  // namespace
}  // namespace kernels
