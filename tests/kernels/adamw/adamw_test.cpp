#include "kernels/adamw/adamw.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "kernels/core/simd_level.h"
#include "tests/kernels/adamw/adamw_case.h"

namespace kernels::testing {
namespace {

template <class T>
void update(TensorSet<T>& set, const AdamWStep& step) {
  const auto tensors = set.tensors();
  adamw(AdamW<T>{tensors, step});
}

template <class T>
Outputs run(const std::vector<int64_t>& sizes, int64_t steps, const AdamWStep& step) {
  return state_after<T>(sizes, steps, step, update<T>);
}

template <class T>
class AdamWOperator : public ::testing::Test {};
using Dtypes = ::testing::Types<float, bfloat16>;
TYPED_TEST_SUITE(AdamWOperator, Dtypes);

TYPED_TEST(AdamWOperator, follows_the_reference_over_a_list_of_tensors) {
  for (const double scale : {1.0, 0.37}) {
    for (const double weight_decay : {0.0, 0.1}) {
      AdamWStep step = step_of(1);
      step.gradient_scale = scale;
      step.weight_decay = weight_decay;
      check_everywhere([&] { return run<TypeParam>(kMixedSizes, 5, step); },
                       expected(kMixedSizes, 5, step), fp32_tolerances(5),
                       "scale " + std::to_string(scale));
    }
  }
}

TYPED_TEST(AdamWOperator, follows_the_reference_without_bias_correction) {
  AdamWStep step = step_of(1);
  step.bias_correction = false;
  check_everywhere([&] { return run<TypeParam>(kMixedSizes, 5, step); },
                   expected(kMixedSizes, 5, step), fp32_tolerances(5), "no bias correction");
}

TYPED_TEST(AdamWOperator, matches_the_reference_at_awkward_sizes) {
  for (const int64_t size : {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 67}) {
    check_everywhere([&] { return run<TypeParam>({size}, 1, step_of(1)); },
                     expected({size}, 1, step_of(1)), fp32_tolerances(1),
                     std::to_string(size) + " elements");
  }
}

TYPED_TEST(AdamWOperator, decays_only_the_tensors_that_decay) {
  TensorSet<TypeParam> set({40, 40});
  AdamWStep step = step_of(1);
  const std::vector<double> before = set.state().at("master");
  update(set, step);  // gradients are 0
  const std::vector<double> after = set.state().at("master");
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_NEAR(after[i], i < 40 ? before[i] * (1 - 0.02 * 0.1) : before[i], i < 40 ? 1e-6 : 0);
  }
}

TYPED_TEST(AdamWOperator, scales_gradients_without_rounding_or_writing_them) {
  TensorSet<TypeParam> scaled({300});
  TensorSet<TypeParam> quartered({300});
  scaled.draw_gradients(3);
  const std::vector<double> before = to_doubles(scaled.gradient(0));
  std::transform(before.begin(), before.end(), quartered.gradient(0).begin(),
                 [](double g) { return from_double<TypeParam>(0.25 * g); });
  AdamWStep step = step_of(1);
  update(quartered, step);
  step.gradient_scale = 0.25;
  update(scaled, step);
  EXPECT_EQ(to_doubles(scaled.gradient(0)), before);
  expect_same(scaled.state(), quartered.state(), "a scale of 1/4");
}

TYPED_TEST(AdamWOperator, a_gradient_that_is_not_finite_spoils_its_own_element) {
  for (const double spoiled : {HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    TensorSet<TypeParam> set({70});
    set.draw_gradients(3);
    set.gradient(0)[37] = from_double<TypeParam>(spoiled);
    update(set, step_of(1));
    const Outputs state = set.state();
    for (size_t i = 0; i < 70; ++i) {
      EXPECT_EQ(std::isnan(state.at("master")[i]), i == 37);
      EXPECT_EQ(std::isfinite(state.at("second_moment")[i]), i != 37);
    }
  }
}

/// Every upper half with the lower halves around which rounding changes: what the vectors store is
/// what split_master gives. With gradients and moments of 0 an update leaves all masters alone.
TEST(AdamWOperator, vectors_split_masters_as_scalars_do_bit_for_bit) {
  const std::vector<uint32_t> lows = {0,      1,      0x4321, 0x7ffe, 0x7fff, 0x8000,
                                      0x8001, 0x8002, 0xabcd, 0xfffe, 0xffff};
  std::vector<SplitMaster> expected;
  for (uint32_t high = 0; high < 0x10000; ++high) {
    for (const uint32_t low : lows) {
      expected.push_back(split_master(std::bit_cast<float>(high << 16 | low)));
    }
  }
  for (const SimdLevel& level : supported_simd_levels()) {
    force_simd_level(level);
    std::vector<bfloat16> value;
    std::vector<int16_t> low;
    for (const SplitMaster& master : expected) {
      value.push_back(master.high);
      low.push_back(master.low);
    }
    std::vector<float> moments(2 * expected.size());
    const std::vector<bfloat16> gradient(expected.size());
    const auto count = static_cast<int64_t>(expected.size());
    const AdamWTensor<bfloat16> tensor = {
        value.data(),    low.data(), moments.data(), moments.data() + count,
        gradient.data(), count,      false};
    adamw(AdamW<bfloat16>{{&tensor, 1}, step_of(1)});
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(value[i].bits, expected[i].high.bits) << level.name << " " << i;
      ASSERT_EQ(low[i], expected[i].low) << level.name << " " << i;
    }
  }
  reset_simd_level();
}

TEST(AdamWOperator, bfloat16_weights_are_the_nearest_to_their_masters) {
  TensorSet<bfloat16> set({1000});
  for (int64_t number = 1; number <= 3; ++number) {
    set.draw_gradients(static_cast<uint32_t>(number));
    update(set, step_of(number));
  }
  const std::vector<double> masters = set.state().at("master");
  const auto tensor = set.tensors().front();
  int rounded = 0;
  for (size_t i = 0; i < masters.size(); ++i) {
    const auto master = static_cast<float>(masters[i]);
    EXPECT_EQ(tensor.value[i].bits, to_bfloat16(master).bits);
    if (to_float(tensor.value[i]) != master) ++rounded;
  }
  EXPECT_GT(rounded, 900);
}

}  // namespace
}  // namespace kernels::testing
