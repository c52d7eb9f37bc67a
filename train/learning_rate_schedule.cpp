#include "train/learning_rate_schedule.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace train {
namespace {

/// DeepSpeed's lower bound, below which the logarithm would be zero.
constexpr int64_t kFewestWarmupSteps = 2;

void require(bool holds, const std::string& problem) {
  if (!holds) throw std::invalid_argument(problem);
}

void require_rate(double rate, const char* what) {
  require(std::isfinite(rate) && rate >= 0,
          fmt::format("a {} of {}: give a finite number of at least 0", what, rate));
}

void require_steps(int64_t steps, const char* what) {
  require(steps >= 1, fmt::format("{} {}: give at least 1", steps, what));
}

void check(const ConstantSchedule& schedule) {
  require_rate(schedule.learning_rate, "learning rate");
}

void check(const WarmupSchedule& schedule) {
  require_rate(schedule.minimum, "smallest learning rate");
  require_rate(schedule.maximum, "largest learning rate");
  require_steps(schedule.warmup_steps, "steps of warm-up");
}

void check(const WarmupDecaySchedule& schedule) {
  check(schedule.warmup);
  require_steps(schedule.total_steps, "steps in all");
}

void check(const WarmupLinearSchedule& schedule) {
  require_rate(schedule.maximum, "largest learning rate");
  require(schedule.warmup_proportion >= 0 && schedule.warmup_proportion <= 1,
          fmt::format("a warm-up of {} of the steps: give a number from 0 to 1",
                      schedule.warmup_proportion));
  require(schedule.total_steps.has_value(), "the number of steps is not known: give it");
  require_steps(*schedule.total_steps, "steps in all");
}

double rate_at(const ConstantSchedule& schedule, int64_t) {
  return schedule.learning_rate;
}

/// How far the rate is from its minimum (0) to its maximum (1) in a step of the warm-up.
double warmed_up(const WarmupSchedule& schedule, int64_t warmup_steps, int64_t iteration) {
  const auto steps = static_cast<double>(warmup_steps);
  return schedule.shape == WarmupShape::kLog
             ? std::log(static_cast<double>(iteration) + 1) / std::log(steps)
             : static_cast<double>(iteration) / steps;
}

/// `total_steps` without: the maximum is kept.
double warmup_rate(const WarmupSchedule& schedule, const int64_t* total_steps, int64_t step) {
  if (step == 0) return schedule.minimum;
  const int64_t iteration = step - 1;
  const int64_t warmup_steps = std::max(schedule.warmup_steps, kFewestWarmupSteps);
  double reached = 1;
  if (iteration < warmup_steps) {
    reached = warmed_up(schedule, warmup_steps, iteration);
  } else if (total_steps != nullptr) {
    const auto left = static_cast<double>(*total_steps) - static_cast<double>(iteration);
    const auto decaying = static_cast<double>(*total_steps) - static_cast<double>(warmup_steps);
    reached = std::max(0.0, left / std::max(1.0, decaying));
  }
  return schedule.minimum + (schedule.maximum - schedule.minimum) * reached;
}

double rate_at(const WarmupSchedule& schedule, int64_t step) {
  return warmup_rate(schedule, nullptr, step);
}

double rate_at(const WarmupDecaySchedule& schedule, int64_t step) {
  return warmup_rate(schedule.warmup, &schedule.total_steps, step);
}

double rate_at(const WarmupLinearSchedule& schedule, int64_t step) {
  const double done = static_cast<double>(step) / static_cast<double>(*schedule.total_steps);
  const double factor = done < schedule.warmup_proportion ? done / schedule.warmup_proportion
                                                          : std::max(0.0, 1 - done);
  return schedule.maximum * factor;
}

}  // namespace

LearningRateSchedule::LearningRateSchedule(const ScheduleConfig& config) : config_(config) {
  std::visit([](const auto& schedule) { check(schedule); }, config_);
}

double LearningRateSchedule::at(int64_t step) const {
  return std::visit([step](const auto& schedule) { return rate_at(schedule, step); }, config_);
}

}  // namespace train
