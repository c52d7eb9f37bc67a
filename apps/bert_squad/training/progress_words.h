#pragma once

#include <cstdint>
#include <string>

#include "apps/bert_squad/training/fine_tuning.h"
#include "apps/bert_squad/training/loss_curve.h"

namespace apps {

/// What a line of progress says besides the step's own numbers.
struct Pace {
  int64_t last_step = 0;
  double samples_per_second = 0;  ///< over the steps of this process
  double seconds_left = 0;
};

/// "[12/1003] loss 4.1234 (average 4.5678)  lr 3e-05  50.25 samples/s  3:12 left".
std::string step_text(const LossPoint& point, const Pace& pace);

/// The same for a terminal, where 80 columns hold a bar as well:
/// "[#.........] 12/1003  loss 4.1234  lr 3e-05  50.25 samples/s  3:12 left".
std::string bar_text(const LossPoint& point, const Pace& pace);

/// "forward 1.0 ms, backward 2.0 ms, update 0.5 ms": means over `steps` steps that took `times`.
std::string breakdown_text(const StepTimes& times, int64_t steps);

/// Why `step` left the weights as they were.
std::string overflow_text(int64_t step, double loss_scale);

}  // namespace apps
