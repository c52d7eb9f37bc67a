#include "apps/bench_kernels/layer_flops.h"

#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace apps {
namespace {

Setting bert_large() {
  Setting setting;
  setting.heads = 16;
  setting.hidden = 1024;
  setting.intermediate = 4096;
  return setting;
}

double giga_flops(const Setting& setting, int64_t layers, const std::vector<int64_t>& lengths) {
  return static_cast<double>(layers * layer_flops(setting, lengths, lengths)) / 1e9;
}

/// DeepSpeed published 272 sequences of 128 tokens a second as 64 TFLOP/s, and 52 of 512 as 53
/// ("fastest BERT training", 2020).
TEST(LayerFlops, of_24_layers_are_those_that_published_rates_count) {
  EXPECT_NEAR(giga_flops(bert_large(), 24, {128}) * 272 / 1e3, 64, 1.5);
  EXPECT_NEAR(giga_flops(bert_large(), 24, {512}) * 52 / 1e3, 53, 1);
}

TEST(LayerFlops, are_6_a_weight_and_12_a_hidden_unit_and_pair_of_tokens) {
  // 6 * 24 * 12 * 1024^2 + 12 * 24 * 1024 * 384, times 384 tokens.
  EXPECT_NEAR(giga_flops(bert_large(), 24, {384}), 739.3, 0.05);
}

TEST(LayerFlops, of_sequences_add_up_and_attention_grows_with_rows_times_keys) {
  using Lengths = std::vector<int64_t>;
  const auto flops = [](const Lengths& rows, const Lengths& keys) {
    return layer_flops(bert_large(), rows, keys);
  };
  const int64_t one = flops({100}, {100});
  const int64_t two = flops({200}, {200});
  EXPECT_EQ(flops({100, 200, 0}, {100, 200, 0}), one + two);
  EXPECT_EQ(two - 2 * one, 12 * 1024 * (200 * 200 - 2 * 100 * 100));
  EXPECT_EQ(two - flops({200}, {100}), 12 * 1024 * 200 * 100);
  EXPECT_THROW(flops({100}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace apps
