#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "apps/bert_squad/training/loss_curve.h"
#include "apps/bert_squad/training/settings.h"

namespace apps {

/// What is to say of a finished training.
struct TrainingSummary {
  Settings settings;
  int64_t total_steps = 0;  ///< of the schedule; more than the curve has where it was stopped
  int64_t first_step = 0;   ///< step that this process began with: above 0 after --resume
  double seconds = 0;       ///< of this process's steps
  int64_t sequences = 0;    ///< of this process's steps
};

/// report.md of an output folder: settings, losses and times, with the curve's picture
/// (loss_curve.svg) and where its numbers lie (loss_curve.csv). `points` are not empty.
std::string training_report(const TrainingSummary& summary, std::span<const LossPoint> points);

}  // namespace apps
