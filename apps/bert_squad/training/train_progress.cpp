#include "apps/bert_squad/training/train_progress.h"

#include "apps/bert_squad/training/progress_words.h"

namespace apps {

TrainProgress::TrainProgress(const Options& options)
    : options_(options), line_(harness::StatusLine::mode_for_stderr(options.quiet)) {}

void TrainProgress::stepped(const LossPoint& point, const StepTimes& times) {
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  times_.forward += times.forward;
  times_.backward += times.backward;
  times_.update += times.update;
  ++timed_;
  const auto done = static_cast<double>(point.step - options_.first_step);
  const auto left = static_cast<double>(options_.last_step - point.step);
  const Pace pace = {.last_step = options_.last_step,
                     .samples_per_second = done * static_cast<double>(options_.batch) / seconds_,
                     .seconds_left = seconds_ / done * left};
  line_.draw(bar_text(point, pace));
  if (point.step % options_.print_steps != 0 && point.step != options_.last_step) return;
  if (options_.breakdown) {
    line_.print(step_text(point, pace) + "  " + breakdown_text(times_, timed_));
  } else if (line_.mode() == harness::StatusLine::Mode::kLines) {
    line_.print(step_text(point, pace));
  }
  times_ = {};
  timed_ = 0;
}

}  // namespace apps
