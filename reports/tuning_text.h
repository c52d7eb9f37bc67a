#pragma once

#include <string>
#include <vector>

#include "harness/tuning/tuning_result.h"

namespace reports {

// What a tuning found, as people read it on the terminal and in tuning.md; plain text.

/// "fused, adamw, micro-batch 8 (3 accumulation steps), flags gelu_checkpoint".
std::string tuned_cell_text(const harness::Cell& cell);

/// The answer with its rate, interval and memory, one sentence; or that there is none and why.
std::string answer_text(const harness::TuningResult& result);

/// Whether the answer's rounds can be trusted, where they cannot, and which runners-up they do not
/// tell from it; empty where there is nothing to say.
std::string certainty_text(const harness::TuningResult& result);

/// Why the answer has its flags: a sentence a reason.
std::vector<std::string> reason_texts(const harness::TuningResult& result);

/// Trials of how many, time of which budget, and what ended it, one sentence.
std::string effort_text(const harness::TuningResult& result);

/// "+3.1 % (2.2 to 4.0)": how much longer than the answer; "" where they never ran side by side.
std::string slower_text(const harness::RankedCandidate& candidate);

/// Runners-up that tables show.
inline constexpr std::size_t kRunnersUpShown = 5;

}  // namespace reports
