#include "apps/bert_squad/training/progress_words.h"

#include <fmt/format.h>

#include "harness/cli/progress_bar.h"
#include "harness/cli/progress_text.h"

namespace apps {
namespace {

std::string pace_text(const LossPoint& point, const Pace& pace) {
  return fmt::format("lr {:.3g}  {:.2f} samples/s  {}", point.learning_rate,
                     pace.samples_per_second, harness::time_left_text(pace.seconds_left));
}

}  // namespace

std::string step_text(const LossPoint& point, const Pace& pace) {
  return fmt::format("[{}/{}] loss {:.4f} (average {:.4f})  {}", point.step, pace.last_step,
                     point.loss, point.average, pace_text(point, pace));
}

std::string bar_text(const LossPoint& point, const Pace& pace) {
  return fmt::format("{} {}/{}  loss {:.4f}  {}", harness::progress_bar(point.step, pace.last_step),
                     point.step, pace.last_step, point.loss, pace_text(point, pace));
}

std::string breakdown_text(const StepTimes& times, int64_t steps) {
  const double milliseconds = 1000 / static_cast<double>(steps);
  return fmt::format("forward {:.1f} ms, backward {:.1f} ms, update {:.1f} ms",
                     times.forward * milliseconds, times.backward * milliseconds,
                     times.update * milliseconds);
}

std::string overflow_text(int64_t step, double loss_scale) {
  return fmt::format("step {} overflowed and was skipped; the loss scale is now {}", step,
                     loss_scale);
}

}  // namespace apps
