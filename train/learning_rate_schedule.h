#pragma once

#include <cstdint>

#include "train/config/schedule_config.h"

namespace train {

/// The learning rate of every step, as DeepSpeed's lr_schedules.py or the published fine-tuning
/// program sets it.
class LearningRateSchedule {
 public:
  /// Throws std::invalid_argument where a rate is negative or not finite, a number of steps below 1
  /// or missing, or a proportion not in [0, 1].
  explicit LearningRateSchedule(const ScheduleConfig& config);

  /// The rate of the step that follows `step` others; steps that were skipped because they
  /// overflowed do not count. DeepSpeed moves its schedules on after a step, so that theirs is
  /// `minimum` for step 0 and their first value for step 1. Past the schedule's end its last value.
  double at(int64_t step) const;

 private:
  ScheduleConfig config_;
};

}  // namespace train
