#include "apps/bert_squad/training/train_progress.h"

#include <fmt/format.h>

#include "harness/cli/progress_text.h"

namespace apps {

TrainProgress::TrainProgress(const Options& options)
    : options_(options), line_(harness::StatusLine::mode_for_stderr(options.quiet)) {}

std::string TrainProgress::text(const LossPoint& point) const {
  const auto done = static_cast<double>(point.step - options_.first_step);
  const auto left = static_cast<double>(options_.last_step - point.step);
  std::string line =
      fmt::format("[{}/{}] loss {:.4f} (average {:.4f})  lr {:.3g}  {:.2f} samples/s  {}",
                  point.step, options_.last_step, point.loss, point.average, point.learning_rate,
                  done * static_cast<double>(options_.batch) / seconds_,
                  harness::time_left_text(seconds_ / done * left));
  if (!options_.breakdown || timed_ == 0) return line;
  const double milliseconds = 1000 / static_cast<double>(timed_);
  return line + fmt::format("  forward {:.1f} ms, backward {:.1f} ms, update {:.1f} ms",
                            times_.forward * milliseconds, times_.backward * milliseconds,
                            times_.update * milliseconds);
}

void TrainProgress::stepped(const LossPoint& point, const StepTimes& times) {
  seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  times_.forward += times.forward;
  times_.backward += times.backward;
  times_.update += times.update;
  ++timed_;
  line_.draw(text(point));
  if (point.step % options_.print_steps != 0 && point.step != options_.last_step) return;
  if (line_.mode() == harness::StatusLine::Mode::kLines) line_.print(text(point));
  times_ = {};
  timed_ = 0;
}

}  // namespace apps
