#pragma once

#include <string_view>

namespace harness {

/// What a gate says, of one measure, of a cell or of a whole sweep.
enum class Verdict {
  kPassed,        ///< not worse than the budget allows
  kImproved,      ///< better by more than the budget
  kSkipped,       ///< measured on neither side, and meant so
  kInconclusive,  ///< too little was learnt to say
  kFailed,        ///< worse by more than the budget
};

std::string_view to_string(Verdict verdict);  ///< "passed", "improved", ...

/// Of several verdicts about one thing: failed, else inconclusive, else improved, else passed,
/// where one of them says so.
Verdict gravest(Verdict a, Verdict b);

}  // namespace harness
