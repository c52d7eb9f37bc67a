#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "apps/bert_squad/training/fine_tuning.h"
#include "apps/bert_squad/training/loss_curve.h"
#include "harness/cli/status_line.h"

namespace apps {

/// What a run tells standard error: on a terminal a bar after every step, drawn over itself;
/// elsewhere a line every `print_steps` steps, which a breakdown of the time has on terminals, too.
class TrainProgress {
 public:
  struct Options {
    int64_t first_step = 0;  ///< that this process begins with
    int64_t last_step = 0;   ///< that it ends after
    int64_t batch = 1;       ///< sequences of a step
    int64_t print_steps = 100;
    bool breakdown = false;  ///< mean times of forward, backward and update beside it
    bool quiet = false;
  };

  explicit TrainProgress(const Options& options);

  void stepped(const LossPoint& point, const StepTimes& times);
  /// A line of its own.
  void say(const std::string& text) const { line_.print("bert_squad: " + text); }
  /// Takes away what is drawn.
  void clear() const { line_.clear(); }

  /// Of the steps so far.
  double seconds() const { return seconds_; }

 private:
  Options options_;
  harness::StatusLine line_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double seconds_ = 0;
  StepTimes times_;  ///< of the steps since the last line
  int64_t timed_ = 0;
};

}  // namespace apps
