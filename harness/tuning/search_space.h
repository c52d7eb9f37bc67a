#pragma once

#include <vector>

#include "harness/plan/schedule.h"

namespace harness {

/// The cells of a tuning sweep, apart by whether a trial of them may be launched.
struct SearchSpace {
  std::vector<ScheduledCell> candidates;
  std::vector<ScheduledCell> left_out;  ///< each with `not_launched` and its reason
};

/// A cell is a candidate where nothing keeps it from being launched and its planned peak is within
/// the memory limit, or not known: a foreign worker need not predict it. A sweep also tries cells
/// next to the limit, to prove the plan; the tuner has nothing to gain from a trial that the plan
/// says cannot fit.
SearchSpace search_space(const Schedule& schedule);

}  // namespace harness
