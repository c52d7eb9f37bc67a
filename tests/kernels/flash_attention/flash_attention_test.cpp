#include "kernels/flash_attention/flash_attention.h"

#include <gtest/gtest.h>

#include "tests/kernels/flash_attention/attention_case.h"

namespace kernels::testing {
namespace {

template <class T>
class FlashAttention : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(FlashAttention, Dtypes);

TYPED_TEST(FlashAttention, matches_the_reference_at_awkward_lengths) {
  for (const double probability : {0.0, 0.1}) {
    for (const int64_t sequence : {1, 2, 15, 17, 47, 49}) {
      check(AttentionCase<TypeParam>{Layout::packed({sequence}), {1, 32, probability}});
    }
  }
}

TYPED_TEST(FlashAttention, matches_the_reference_at_lengths_of_models) {
  for (const int64_t sequence : {383, 384, 512, 1024}) {
    check(AttentionCase<TypeParam>{Layout::packed({sequence}), {1, 64}});
  }
}

TYPED_TEST(FlashAttention, matches_the_reference_for_any_head_dim) {
  for (const int64_t head_dim : {1, 20, 32, 33, 64, 80, 129}) {
    check(AttentionCase<TypeParam>{Layout::packed({61, 34}), {2, head_dim}});
  }
}

TYPED_TEST(FlashAttention, matches_the_reference_for_mixed_lengths) {
  const std::vector<int64_t> lengths = {33, 0, 1, 50, 17};
  check(AttentionCase<TypeParam>{Layout::padded(50, lengths), {3, 16}});
  check(AttentionCase<TypeParam>{Layout::packed({33, 1, 2, 50, 17}), {3, 16, 0.5}});
}

TYPED_TEST(FlashAttention, matches_the_reference_for_more_sequences_than_column_blocks) {
  std::vector<int64_t> lengths;
  for (int64_t b = 0; b < 2 * kColumnBlocks + 3; ++b) lengths.push_back(1 + b % 7);
  check(AttentionCase<TypeParam>{Layout::packed(lengths), {2, 8}});
}

TYPED_TEST(FlashAttention, does_without_products_of_pairs) {
  for (const int64_t sequence : {17, 130}) {
    check(AttentionCase<TypeParam>{Layout::packed({sequence}), {2, 20}}, GemmLevel::kAvx512);
  }
}

TYPED_TEST(FlashAttention, does_not_overflow) {
  AttentionCase<TypeParam> attention = {Layout::padded(37, {37, 20}), {1, 8, 0.1, 64}};
  for (const auto& [name, values] : run(attention)) {
    for (const double value : values) ASSERT_TRUE(std::isfinite(value)) << name;
  }
}

TYPED_TEST(FlashAttention, rows_that_are_no_keys_get_no_gradient_as_keys) {
  const AttentionCase<TypeParam> attention = {Layout::padded(21, {5, 20}), {2, 16}};
  const Outputs outputs = run(attention);
  const int64_t hidden = attention.sizes.hidden();
  for (int64_t row = 0; row < 42; ++row) {
    if (row % 21 < attention.layout.lengths[static_cast<size_t>(row / 21)]) continue;
    for (int64_t column = hidden; column < 3 * hidden; ++column) {
      ASSERT_EQ(outputs.at("d_qkv")[static_cast<size_t>(row * 3 * hidden + column)], 0);
    }
  }
}

TYPED_TEST(FlashAttention, gradient_may_take_the_place_of_its_input) {
  const AttentionCase<TypeParam> attention = {Layout::padded(101, {60, 101, 0}), {2, 24}};
  expect_same(run(attention, kHighestGemmLevel, true), run(attention), attention.name());
}

TYPED_TEST(FlashAttention, thread_count_does_not_change_bits) {
  AttentionCase<TypeParam> attention = {Layout::packed({100, 3, 77}), {3, 32}};
  attention.threads = 1;
  const Outputs one = run(attention);
  for (const int threads : {2, 3, 5}) {
    attention.threads = threads;
    expect_same(run(attention), one, std::to_string(threads) + " threads");
  }
}

TYPED_TEST(FlashAttention, packed_and_padded_batches_have_the_same_bits) {
  const AttentionCase<TypeParam> packed = {Layout::packed({1, 60, 2, 97, 48}), {2, 32}};
  const AttentionCase<TypeParam> padded = padded_to(packed, 97);
  expect_same(of_real_rows(run(padded), padded), of_real_rows(run(packed), packed), "padded");
}

TYPED_TEST(FlashAttention, workspace_is_linear_in_the_longest_sequence) {
  const auto bytes = [](const Layout& layout, int threads) {
    const AttentionRows rows = {layout.offsets.data(), layout.lengths.data(), layout.batch(), 4,
                                64};
    return std::pair(flash_attention_forward_workspace_bytes<TypeParam>(rows, threads),
                     flash_attention_backward_workspace_bytes<TypeParam>(rows, threads));
  };
  const auto one = bytes(Layout::packed({512}), 1);
  EXPECT_EQ(bytes(Layout::padded(512, {512, 1, 1, 512}), 1), one);
  EXPECT_EQ(bytes(Layout::packed({512, 7}), 2), std::pair(2 * one.first, 2 * one.second));
  const auto longer = bytes(Layout::packed({4096}), 1);
  EXPECT_LE(longer.first, 8 * one.first);
  EXPECT_LE(longer.second, 8 * one.second);
}

TYPED_TEST(FlashAttention, an_empty_batch_has_no_gradient) {
  const AttentionCase<TypeParam> attention = {Layout::packed({}), {2, 4}};
  const Outputs outputs = run(attention);
  for (const double value : outputs.at("d_bias")) EXPECT_EQ(value, 0);
}

TEST(FlashAttentionReference, gradient_is_the_slope_of_the_forward_pass) {
  AttentionCase<double> attention = {Layout::padded(5, {5, 3, 0}), {2, 3, 0.3}};
  const Outputs analytic = run(attention);
  const auto loss = [&] { return weighted_sum(attention.d_context, run(attention).at("context")); };
  Outputs numeric = analytic;
  numeric["d_qkv"] = numeric_gradient(attention.qkv, loss);
  numeric["d_bias"] = numeric_gradient(attention.bias, loss);
  const Tolerance close = {1e-7, 1e-7};
  expect_near(analytic, numeric,
              {{"context", close}, {"log_sum_exp", close}, {"d_qkv", close}, {"d_bias", close}},
              attention.name());
}

}  // namespace
}  // namespace kernels::testing
