#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/cli/status_line.h"
#include "harness/cli/time_left.h"
#include "harness/plan/schedule.h"
#include "harness/protocol/record.h"

namespace harness {

/// Tells standard error where a sweep stands: on a terminal one line that is redrawn, else one line
/// for every launch that has finished.
class Progress {
 public:
  /// `axes`: the axes beside the usual ones that tell cells apart.
  Progress(StatusLine::Mode mode, const Schedule& schedule, std::vector<std::string> axes);

  void checking(const std::string& combination);
  void started(const Launch& launch, const Cell& cell);
  /// `seconds`: what the launch took. A cell that did not pass will not be launched again.
  void finished(const Launch& launch, const Record& record, double seconds);
  /// An earlier process has the launch's record already.
  void recorded(const Launch& launch);
  /// The launch is not needed: the gate or an earlier round of its cell did not pass.
  void passed_over(const Launch& launch);

 private:
  StatusLine line_;
  TimeLeft time_left_;
  std::vector<std::string> axes_;
  std::size_t launch_ = 0;
  std::size_t launches_;
};

}  // namespace harness
