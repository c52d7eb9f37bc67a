#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

namespace apps {

/// One training step.
struct LossPoint {
  int64_t step = 0;    ///< how many steps were made, this one included
  double loss = 0;     ///< of the step's global batch, before the update
  double average = 0;  ///< exponential moving average of the losses up to here
  double learning_rate = 0;
  double samples_per_second = 0;  ///< of this step alone

  bool operator==(const LossPoint&) const = default;
};

/// The losses of a run, kept in a CSV file as they come: a header row, then a row a step, with all
/// digits. A run that goes on continues the file of the one that was interrupted.
class LossCurve {
 public:
  /// Goes on after `steps` steps: rows beyond them, and one that was cut off, are dropped. The
  /// average of the published program: average = alpha * average + (1 - alpha) * loss, at first the
  /// loss itself. Throws files::FileError where the file cannot be written, and
  /// harness::UsageError where it should hold `steps` steps and does not.
  LossCurve(std::filesystem::path file, double alpha, int64_t steps);

  /// Appends a step. Throws files::FileError where it cannot be written.
  const LossPoint& add(double loss, double learning_rate, double samples_per_second);

  /// To the disk: a checkpoint that is saved afterwards finds its steps here whatever happens.
  /// Throws files::FileError.
  void store();

  const std::vector<LossPoint>& points() const { return points_; }

 private:
  std::filesystem::path file_;
  double alpha_;
  std::vector<LossPoint> points_;
  std::ofstream stream_;
};

}  // namespace apps
