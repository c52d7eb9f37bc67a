#include "harness/tuning/trial_seconds.h"

#include <algorithm>

#include "harness/analysis/statistics.h"

namespace harness {
namespace {

double step_seconds(const Cell& cell, double seconds_per_sequence) {
  const int64_t steps = cell.measure.warmup_steps + cell.measure.steps;
  return static_cast<double>(steps * cell.sequences_per_step()) * seconds_per_sequence;
}

}  // namespace

void TrialSeconds::finished(const Cell& cell, double seconds,
                            std::optional<double> seconds_per_sequence) {
  sum_ += seconds;
  ++count_;
  if (!seconds_per_sequence) return;
  surroundings_.push_back(std::max(0.0, seconds - step_seconds(cell, *seconds_per_sequence)));
}

std::optional<double> TrialSeconds::estimate(const Cell& cell, double seconds_per_sequence) const {
  if (surroundings_.empty()) return std::nullopt;
  return median(surroundings_) + step_seconds(cell, seconds_per_sequence);
}

std::optional<double> TrialSeconds::mean() const {
  if (count_ == 0) return std::nullopt;
  return sum_ / count_;
}

}  // namespace harness
