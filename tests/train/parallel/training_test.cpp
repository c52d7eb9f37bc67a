// Training in several processes against training in one, which every process here runs for itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/train/parallel/parallel_run.h"

namespace train {
namespace {

constexpr int kSteps = 8;

std::string name_of(const testing::TestParamInfo<ParallelSetting>& setting) {
  return setting.param.implementation + (setting.param.dtype == at::kFloat ? "_fp32" : "_bf16") +
         (setting.param.zero ? "_zero" : "");
}

/// Bit for bit.
void expect_same(const std::vector<at::Tensor>& actual, const std::vector<at::Tensor>& expected) {
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(at::equal(actual[i], expected[i]));
}

class Settings : public testing::TestWithParam<ParallelSetting> {};

TEST_P(Settings, losses_are_those_of_one_process) {
  const std::vector<double> one = ParallelRun(GetParam(), /*alone=*/true).steps(kSteps);
  const std::vector<double> many = ParallelRun(GetParam()).steps(kSteps);
  EXPECT_LT(one.back(), one.front() - 0.1);
  const double band = GetParam().dtype == at::kFloat ? 1e-5 : 0.02;
  EXPECT_THAT(many, testing::Pointwise(testing::DoubleNear(band), one));
}

TEST_P(Settings, repeated_runs_and_all_processes_have_the_same_bits) {
  ParallelRun first(GetParam());
  ParallelRun second(GetParam());
  EXPECT_EQ(second.steps(kSteps), first.steps(kSteps));
  expect_same(second.weights(), first.weights());
  const std::vector<at::Tensor> of_process_0 = first.weights();
  processes::all().broadcast(of_process_0, 0);
  expect_same(of_process_0, first.weights());
}

ParallelSetting eager(bool zero) {
  return {.implementation = "pytorch_eager",
          .optimizer = "adamw",
          .zero = zero,
          .activation_checkpoint = zero,
          .row_layout = model::RowLayout::kPadded};
}

INSTANTIATE_TEST_SUITE_P(of, Settings,
                         testing::Values(ParallelSetting{}, ParallelSetting{.zero = true},
                                         eager(false), eager(true),
                                         ParallelSetting{.dtype = at::kBFloat16},
                                         ParallelSetting{.dtype = at::kBFloat16, .zero = true}),
                         &name_of);

}  // namespace
}  // namespace train
