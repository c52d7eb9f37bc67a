#pragma once

#include <optional>
#include <vector>

#include "harness/protocol/cell.h"

namespace harness {

/// What trials take, in seconds of the clock on the wall, from those that are done: a time budget
/// asks it before every trial. A trial is its steps, warm-up included, and what surrounds them:
/// starting the worker, building the model, the correctness check of a new combination.
class TrialSeconds {
 public:
  /// A trial of `cell` took `seconds`; its steps `seconds_per_sequence`, none where it did not
  /// pass.
  void finished(const Cell& cell, double seconds, std::optional<double> seconds_per_sequence);

  /// Of a trial whose steps take `seconds_per_sequence`: that, and the median of what surrounded
  /// the steps so far. None before the first trial that passed.
  std::optional<double> estimate(const Cell& cell, double seconds_per_sequence) const;
  /// Of an average trial; none before the first.
  std::optional<double> mean() const;

 private:
  std::vector<double> surroundings_;
  double sum_ = 0;
  int count_ = 0;
};

}  // namespace harness
