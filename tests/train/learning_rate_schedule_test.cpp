#include "train/learning_rate_schedule.h"

#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace train {
namespace {

using Rates = std::vector<std::pair<int64_t, double>>;

void expect_rates(const ScheduleConfig& config, const Rates& rates) {
  const LearningRateSchedule schedule(config);
  for (const auto& [step, rate] : rates) {
    EXPECT_DOUBLE_EQ(schedule.at(step), rate) << "step " << step;
  }
}

WarmupSchedule ten_steps(WarmupShape shape) {
  return {.minimum = 1e-6, .maximum = 3e-5, .warmup_steps = 10, .shape = shape};
}

TEST(LearningRateSchedule, a_constant_rate_is_kept) {
  expect_rates(ConstantSchedule{3e-5}, {{0, 3e-5}, {1, 3e-5}, {1000000, 3e-5}});
}

// Expected rates: get_lr() of DeepSpeed's WarmupLR and WarmupDecayLR with the same settings, at
// last_batch_iteration = step - 1.
TEST(LearningRateSchedule, warmup_is_logarithmic_or_linear) {
  expect_rates(ten_steps(WarmupShape::kLog), {{0, 1e-06},
                                              {1, 1e-06},
                                              {2, 9.729869874255455e-06},
                                              {3, 1.483651638687021e-05},
                                              {6, 2.3566386261125662e-05},
                                              {10, 3e-05},
                                              {11, 3e-05},
                                              {1000, 3e-05}});
  expect_rates(ten_steps(WarmupShape::kLinear), {{0, 1e-06},
                                                 {1, 1e-06},
                                                 {2, 3.9e-06},
                                                 {3, 6.8e-06},
                                                 {10, 2.71e-05},
                                                 {11, 3e-05},
                                                 {1000, 3e-05}});
}

TEST(LearningRateSchedule, the_decay_is_a_straight_line_to_the_minimum) {
  expect_rates(WarmupDecaySchedule{ten_steps(WarmupShape::kLog), 50}, {{0, 1e-06},
                                                                       {1, 1e-06},
                                                                       {2, 9.729869874255455e-06},
                                                                       {11, 3e-05},
                                                                       {12, 2.9275e-05},
                                                                       {31, 1.55e-05},
                                                                       {50, 1.725e-06},
                                                                       {51, 1e-06},
                                                                       {100, 1e-06}});
}

TEST(LearningRateSchedule, one_step_of_warmup_counts_as_two_and_fewer_steps_than_warmup_end_it) {
  expect_rates(WarmupSchedule{.maximum = 1e-3, .warmup_steps = 1},
               {{0, 0}, {1, 0}, {2, 1e-3}, {3, 1e-3}});
  expect_rates(WarmupDecaySchedule{{0, 1e-3, 10, WarmupShape::kLinear}, 5},
               {{0, 0}, {1, 0}, {5, 4e-4}, {10, 9e-4}, {11, 0}, {12, 0}});
}

// Expected rates: 3e-5 * warmup_linear(step / 200, 0.1) of the published program, except beyond the
// last step, where that is negative.
TEST(LearningRateSchedule, warmup_linear_jumps_where_the_warmup_ends) {
  const WarmupLinearSchedule config{3e-5, 0.1, 200};
  expect_rates(config, {{0, 0},
                        {1, 1.4999999999999998e-06},
                        {10, 1.5e-05},
                        {19, 2.8499999999999998e-05},
                        {20, 2.7e-05},
                        {21, 2.6850000000000002e-05},
                        {100, 1.5e-05},
                        {199, 1.5000000000000013e-07},
                        {200, 0},
                        {201, 0}});
  expect_rates(WarmupLinearSchedule{3e-5, 0, 200}, {{0, 3e-5}, {100, 1.5e-5}});
  expect_rates(WarmupLinearSchedule{3e-5, 1, 200}, {{100, 1.5e-5}, {200, 0}});
}

TEST(LearningRateSchedule, impossible_schedules_are_refused) {
  const double nan = std::nan("");
  const std::vector<ScheduleConfig> bad = {
      ConstantSchedule{-1e-3},
      ConstantSchedule{nan},
      ConstantSchedule{static_cast<double>(INFINITY)},
      WarmupSchedule{.minimum = -1},
      WarmupSchedule{.maximum = nan},
      WarmupSchedule{.warmup_steps = 0},
      WarmupDecaySchedule{{}, 0},
      WarmupDecaySchedule{{.warmup_steps = -1}, 10},
      WarmupLinearSchedule{3e-5, 0.1, std::nullopt},
      WarmupLinearSchedule{3e-5, 0.1, 0},
      WarmupLinearSchedule{3e-5, 1.1, 10},
      WarmupLinearSchedule{3e-5, nan, 10},
      WarmupLinearSchedule{nan, 0.1, 10},
  };
  for (std::size_t i = 0; i < bad.size(); ++i) {
    EXPECT_THROW(LearningRateSchedule{bad[i]}, std::invalid_argument) << "schedule " << i;
  }
}

}  // namespace
}  // namespace train
