#include "harness/analysis/verdict.h"

#include <stdexcept>

namespace harness {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "passed";
    case Verdict::kImproved:
      return "improved";
    case Verdict::kSkipped:
      return "skipped";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kFailed:
      return "failed";
  }
  throw std::invalid_argument("not a verdict");
}

Verdict gravest(Verdict a, Verdict b) {
  for (const Verdict verdict : {Verdict::kFailed, Verdict::kInconclusive, Verdict::kImproved}) {
    if (a == verdict || b == verdict) return verdict;
  }
  return a == Verdict::kPassed || b == Verdict::kPassed ? Verdict::kPassed : Verdict::kSkipped;
}

}  // namespace harness
