#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/protocol/record.h"

namespace harness {

/// What a trial is for.
enum class TrialStage {
  kScreening,    ///< spread over all terms of the cost model, so that it can be fitted
  kExploration,  ///< what the model says may be the fastest
  kNarrowing,    ///< the fastest so far next to each other, fewer every pass
};

std::string_view to_string(TrialStage stage);  ///< "screening", "exploration", "narrowing"

/// One round of a candidate. The trials of a pass run one after the other, a candidate once; the
/// pass is the `round` of their records, so that what is paired ran side by side.
struct Trial {
  std::size_t candidate = 0;
  TrialStage stage = TrialStage::kScreening;
  int64_t pass = 0;
  Status status = Status::kPassed;
  double seconds_per_sequence = 0;  ///< where it passed, see RoundTime
};

}  // namespace harness
