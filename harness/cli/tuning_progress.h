#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/status_line.h"
#include "harness/protocol/record.h"
#include "harness/tuning/trial.h"

namespace harness {

/// Where a tuning stands, for one line of progress.
struct TuningState {
  int64_t trial = 0;  ///< 1 for the first
  int64_t trial_limit = 0;
  TrialStage stage = TrialStage::kScreening;
  std::optional<double> budget_left_s;  ///< none: no budget
};

/// Tells standard error where a tuning stands: on a terminal one line that is redrawn, else one
/// line for every trial that has finished.
class TuningProgress {
 public:
  /// `axes`: the axes beside the usual ones that tell cells apart.
  TuningProgress(StatusLine::Mode mode, std::vector<std::string> axes);

  void started(const TuningState& state, const Cell& cell);
  void finished(const TuningState& state, const Record& record);

 private:
  std::string line_text(const TuningState& state, const Cell& cell,
                        const std::string& outcome) const;

  StatusLine line_;
  std::vector<std::string> axes_;
};

}  // namespace harness
